//! What is wrong, and where.

use std::fmt;
use std::path::PathBuf;

use super::Origin;

/// One mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub(super) origin: Option<Origin>,
    pub(super) path: Vec<String>,
    pub(super) message: String,
    pub(super) excerpt: Option<String>,
    /// The key that was probably meant, where it is another one.
    pub(super) meant: Vec<String>,
}

impl Problem {
    /// A problem of no single key.
    pub(super) fn general(message: impl Into<String>) -> Self {
        Self { origin: None, path: Vec::new(), message: message.into(), excerpt: None, meant: Vec::new() }
    }

    /// A problem of one key.
    pub(super) fn of(path: Vec<String>, origin: Option<Origin>, message: impl Into<String>) -> Self {
        Self { origin, path, message: message.into(), excerpt: None, meant: Vec::new() }
    }

    /// Where the value was written, if it was written anywhere.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// The key as one writes it in TOML, for example `handlers."/documents".push.timeout`; empty if
    /// the problem concerns no key.
    #[must_use]
    pub fn key(&self) -> String {
        dotted(&self.path)
    }

    /// What is wrong, without place and key.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the problem concerns this key, a table it is in, or something in it; or whether this was meant.
    pub(super) fn touches(&self, path: &[&str]) -> bool {
        let overlaps = |own: &[String]| !own.is_empty() && own.iter().zip(path).all(|(own, other)| own == other);
        overlaps(&self.path) || overlaps(&self.meant)
    }

    /// Whether the problem concerns exactly the entry of this name in the table at `above`.
    pub(super) fn is_of_entry(&self, above: &[String], name: &str) -> bool {
        let is_it = |own: &[String]| own.split_last().is_some_and(|(last, before)| last == name && before == above);
        is_it(&self.path) || is_it(&self.meant)
    }

    /// Sorts by layer, then by line, as one would go through the files.
    pub(super) fn position(&self, files: &[PathBuf]) -> (usize, usize, usize) {
        match &self.origin {
            Some(Origin::File { path, line, column }) => {
                (files.iter().position(|file| file == path).unwrap_or(files.len()), *line, *column)
            }
            Some(Origin::Environment { .. }) => (files.len() + 1, 0, 0),
            Some(Origin::CommandLine) => (files.len() + 2, 0, 0),
            None => (files.len() + 3, 0, 0),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            write!(f, "{origin}")?;
            if let (Some(_), Origin::File { column, .. }) = (&self.excerpt, origin) {
                write!(f, ":{column}")?;
            }
            f.write_str(": ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.key())?;
        }
        f.write_str(&self.message)?;
        if let Some(excerpt) = &self.excerpt {
            write!(f, "\n{excerpt}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a configuration, never empty.
///
/// `Display` gives one block: the number of problems, then a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    problems: Vec<Problem>,
}

impl ConfigErrors {
    /// An error if there are problems. The same is said once.
    pub(super) fn check(mut problems: Vec<Problem>, files: &[PathBuf]) -> Result<(), Self> {
        if problems.is_empty() {
            return Ok(());
        }
        problems.sort_by_key(|problem| problem.position(files));
        problems.dedup();
        Err(Self { problems })
    }

    /// All of them as one, if there are any.
    pub(crate) fn all(errors: Vec<Self>, files: &[PathBuf]) -> Option<Self> {
        Self::check(errors.into_iter().flat_map(|errors| errors.problems).collect(), files).err()
    }

    /// Whether one of them concerns this key, a table it is in, or something in it; or whether this was meant.
    pub(crate) fn touch(&self, path: &[&str]) -> bool {
        self.problems.iter().any(|problem| problem.touches(path))
    }

    /// One problem of no single key.
    pub(super) fn of(message: String) -> Self {
        Self { problems: vec![Problem::general(message)] }
    }

    /// The problems, in the order of the layers and lines.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(f, "configuration: {count} problem{}", if count == 1 { "" } else { "s" })?;
        for problem in &self.problems {
            write!(f, "\n{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// A key path as TOML writes it; parts that are not bare keys are quoted.
pub(crate) fn dotted<S: AsRef<str>>(path: &[S]) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let quoted = path.iter().map(|part| {
        let part = part.as_ref();
        if !part.is_empty() && part.chars().all(bare) { part.to_owned() } else { format!("{part:?}") }
    });
    quoted.collect::<Vec<_>>().join(".")
}
