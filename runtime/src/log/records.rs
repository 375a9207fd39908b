//! One record for each invocation, and its span where traces are sent.

use super::{Invocation, Share, Timing, milliseconds, start};
use crate::{
    config::Settings,
    dispatch::Seldom,
    error::{Code, Error},
    traces::{self, Outcome},
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tracing::field::display;

/// Tells the log of invocations: what was served quietly, or a share of it louder; what is ours to mend loudly, what is the
/// client's quietly; what was slow.
///
/// What a client can cause as often as it likes, and what befalls all handlers at once, is told loudly once in ten seconds
/// for each code, with how often it was since; each single one is told at `debug`.
#[derive(Debug)]
pub(crate) struct Records {
    /// `log.sample_served`, as a part of all numbers.
    sample: AtomicU64,
    /// `log.slow_invocation` in nanoseconds; 0 is off.
    slow: AtomicU64,
    unavailable: Seldom,
    timeout: Seldom,
    overloaded: Seldom,
}

/// In the extensions of an answer whose request has its record already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told;

/// Tells of an invocation. All records have the same fields; one without a value is left out.
macro_rules! tell {
    ($level:ident, $invocation:ident, $timing:ident, $outcome:expr, { $($own:tt)* } $message:literal) => {
        tracing::$level!(
            namespace = $invocation.namespace(),
            event = $invocation.event(),
            method = $invocation.method(),
            route = $invocation.route(),
            path = $invocation.path(),
            outcome = $outcome,
            $($own)*
            duration_ms = $timing.ran().map(milliseconds),
            queue_ms = milliseconds($timing.waited()),
            body_ms = $timing.body.map(milliseconds),
            user = $invocation.user(),
            socket = $invocation.socket(),
            invocation = display($invocation.id),
            request = $invocation.request().map(display),
            $message
        )
    };
}

impl Records {
    /// With the settings at start.
    pub fn new(settings: &Settings) -> Self {
        let records = Self {
            sample: AtomicU64::new(0),
            slow: AtomicU64::new(0),
            unavailable: Seldom::default(),
            timeout: Seldom::default(),
            overloaded: Seldom::default(),
        };
        records.choose(settings);
        records
    }

    /// Goes on with these settings, in the process's log as well: levels, form, what is hidden, what is slow.
    pub fn apply(&self, settings: &Settings) {
        self.choose(settings);
        start::apply(settings);
    }

    fn choose(&self, settings: &Settings) {
        self.sample.store(Share::new(settings.log.sample_served).0, Ordering::Relaxed);
        let slow = u64::try_from(settings.log.slow_invocation.as_nanos()).unwrap_or(u64::MAX);
        self.slow.store(slow, Ordering::Relaxed);
    }

    /// An invocation was served, over HTTP with this status. It has to be told as that invocation, inside it.
    pub fn served(&self, invocation: &Invocation, timing: Timing, status: Option<u16>) {
        if Share(self.sample.load(Ordering::Relaxed)).has(invocation.id) {
            tell!(info, invocation, timing, "ok", { status, } "served");
        } else {
            tell!(debug, invocation, timing, "ok", { status, } "served");
        }
        traces::tell(invocation, timing, Outcome::Served(status));
        self.find_slow(invocation, timing, "ok");
    }

    /// A client was let into a namespace. It has to be told inside the invocation that let it in.
    pub fn entered(&self, invocation: &Invocation, timing: Timing) {
        tell!(debug, invocation, timing, "ok", {} "let in");
        traces::tell(invocation, timing, Outcome::Served(None));
        self.find_slow(invocation, timing, "ok");
    }

    /// An invocation failed, or was refused. It has to be told as that invocation, inside it.
    pub fn failed(&self, invocation: &Invocation, timing: Timing, error: &Error) {
        let outcome = error.code();
        let cause = || error.cause().map(Causes).map(display);
        if error.is(Code::Internal) {
            tell!(error, invocation, timing, outcome, { cause = cause(), } "failed");
        } else if let Some(seldom) = self.seldom(error) {
            match seldom.count() {
                Some(times) => tell!(warn, invocation, timing, outcome, { times, cause = cause(), } "failed"),
                None => tell!(debug, invocation, timing, outcome, { cause = cause(), } "failed"),
            }
        } else {
            tell!(debug, invocation, timing, outcome, { cause = cause(), } "refused");
        }
        traces::tell(invocation, timing, Outcome::Failed(error));
        // who missed a deadline was slow, and that is told
        if !error.is(Code::Timeout) {
            self.find_slow(invocation, timing, outcome);
        }
    }

    /// Something answered a request that is no invocation: a file, an application's own router, Socket.IO.
    pub fn answered(invocation: &Invocation, timing: Timing, status: u16, often: bool) {
        if often {
            tell!(trace, invocation, timing, None::<&str>, { status, } "answered");
        } else {
            tell!(debug, invocation, timing, None::<&str>, { status, } "answered");
        }
    }

    /// Warns of an invocation that took long, without the time in which it waited for its turn, or for what its client sent.
    fn find_slow(&self, invocation: &Invocation, timing: Timing, outcome: &str) {
        let slow = Duration::from_nanos(self.slow.load(Ordering::Relaxed));
        if slow.is_zero() || timing.accepted.elapsed() < slow || timing.worked().is_none_or(|worked| worked < slow) {
            return;
        }
        if let Some(times) = invocation.site().and_then(|site| site.slow.count()) {
            tell!(warn, invocation, timing, outcome, { times, } "slow: it took longer than log.slow_invocation");
        }
    }

    /// What the operator should know of, but not of each one.
    fn seldom(&self, error: &Error) -> Option<&Seldom> {
        [(Code::Unavailable, &self.unavailable), (Code::Timeout, &self.timeout), (Code::Overloaded, &self.overloaded)]
            .into_iter()
            .find_map(|(code, seldom)| error.is(code).then_some(seldom))
    }
}

/// A cause with all its own causes, on one line.
pub(crate) struct Causes<'a>(pub &'a (dyn std::error::Error + Send + Sync + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write_cause(f, self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            f.write_str(": ")?;
            write_cause(f, cause)?;
            next = cause.source();
        }
        Ok(())
    }
}

/// One cause. What the driver of MongoDB writes of its errors holds the server's answer as well, byte by byte: that is left out.
fn write_cause(f: &mut std::fmt::Formatter<'_>, cause: &(dyn std::error::Error + 'static)) -> std::fmt::Result {
    match cause.downcast_ref::<mongodb::error::Error>() {
        Some(error) => write!(f, "{}", error.kind),
        None => write!(f, "{cause}"),
    }
}
