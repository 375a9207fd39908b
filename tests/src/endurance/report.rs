//! What was measured.

use std::fmt;

/// What was measured, as a table of text.
#[derive(Debug, Clone, Default)]
pub struct Report(Vec<String>);

impl Report {
    /// Adds a line.
    pub(super) fn line(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// Bytes as text, in megabytes of 1 000 000 bytes.
#[allow(clippy::cast_precision_loss, reason = "no process here is that large")]
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
