//! The process's log.

use crate::config::{Log, LogFormat};
use tracing_subscriber::{EnvFilter, filter::ParseError, fmt};

/// Starts logging to standard error. Where the process already logs, as in tests, that stays.
pub(super) fn start(log: &Log) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(&log.level)?;
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true);
    let started = match log.format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("this process already logs: its settings stay");
    }
    Ok(())
}
