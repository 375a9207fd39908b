//! Printing for people and for programs.

use crate::{
    config::Settings,
    log::{self, Logging},
};
use std::io::{ErrorKind, Write};

/// Prints a text and the end of its line to standard output. A closed pipe, as with `| head`, is no failure.
///
/// # Errors
/// Whatever else keeps it from being written, such as a full disk, in words.
pub(super) fn print(text: &str) -> Result<(), String> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("standard output: {error}")),
        _ => Ok(()),
    }
}

/// Has warnings and errors of the runtime printed to standard error for as long as the answer is held, without the rest of a
/// server's log.
pub(super) fn show_warnings() -> Option<Logging> {
    let mut settings = Settings::default();
    "warn".clone_into(&mut settings.log.level);
    log::start(&settings).ok()
}
