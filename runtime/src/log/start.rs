//! Starts the process's log, and changes it while it runs.

use super::{layer::Lines, panics, rules::Rules, watch, writer::Writer};
use crate::config::Settings;
use arc_swap::ArcSwap;
use std::{
    fs::File,
    io::{IsTerminal, stderr},
    os::fd::AsFd,
    sync::OnceLock,
    time::Duration,
};
use tracing_subscriber::{filter::ParseError, layer::SubscriberExt, registry};

/// How long the last lines may take to be written.
const FLUSH: Duration = Duration::from_secs(1);

/// The process's log. A process has one, and so it is no part of an application.
pub(super) struct Output {
    pub rules: ArcSwap<Rules>,
    pub writer: Writer,
    pub colours: bool,
}

static OUTPUT: OnceLock<Output> = OnceLock::new();

/// The log of this process, for as long as it is held. Dropped, it waits until the last lines are written, at most a second.
#[must_use = "the last lines are written when this is dropped"]
pub(crate) struct Logging(());

/// Starts logging to standard error. Where the process already logs, as in tests, that stays.
///
/// # Errors
/// Where `log.level` is no filter. The settings are checked for that when they are read.
pub(crate) fn start(settings: &Settings) -> Result<Logging, ParseError> {
    let rules = Rules::new(settings)?;
    // past the lock of the standard library: who prints a line there does not wait, either
    let output = stderr().as_fd().try_clone_to_owned().map(File::from).and_then(Writer::start);
    let Ok(writer) = output else {
        eprintln!("warning: standard error cannot be written to, there is no log");
        return Ok(Logging(()));
    };
    let colours = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let output = OUTPUT.get_or_init(|| Output { rules: ArcSwap::from_pointee(rules), writer, colours });
    if tracing::subscriber::set_global_default(registry().with(Lines(output))).is_err() {
        tracing::debug!("this process already logs: its settings stay");
        return Ok(Logging(()));
    }
    panics::tell();
    watch::watch(settings.log.blocked_thread);
    Ok(Logging(()))
}

/// Goes on with these settings, where this process's log is ours.
pub(super) fn apply(settings: &Settings) {
    let Some(output) = OUTPUT.get() else { return };
    match Rules::new(settings) {
        Ok(rules) => {
            output.rules.store(rules.into());
            tracing_core::callsite::rebuild_interest_cache();
            watch::watch(settings.log.blocked_thread);
        }
        // the settings were checked: this cannot be
        Err(error) => tracing::error!(%error, "log.level is no filter: the log stays as it was"),
    }
}

/// How many lines this process's log has lost.
pub(crate) fn lost_lines() -> u64 {
    OUTPUT.get().map_or(0, |output| output.writer.lost())
}

impl Drop for Logging {
    fn drop(&mut self) {
        if let Some(output) = OUTPUT.get() {
            output.writer.flush(FLUSH);
        }
    }
}
