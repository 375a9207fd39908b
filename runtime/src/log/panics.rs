//! Tells of panics.

use super::watch::Busy;
use std::{backtrace::Backtrace, backtrace::BacktraceStatus, panic, thread};

/// From now on the log tells of panics, with the invocation in which they happen, instead of lines of their own beside it.
/// With `RUST_BACKTRACE=1` they have a backtrace.
pub(super) fn tell() {
    panic::set_hook(Box::new(|info| {
        // finding the names for a backtrace takes long
        let _busy = Busy::with_own_work();
        let backtrace = Backtrace::capture();
        tracing::error!(
            panic = info.payload_as_str().unwrap_or("(no message)"),
            at = info.location().map(tracing::field::display),
            thread = thread::current().name(),
            backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| tracing::field::display(&backtrace)),
            "panicked"
        );
    }));
}
