//! Tells the log what went wrong.

use super::{InvocationId, Seldom, answer::shortened};
use crate::error::{Code, Error};

/// Tells the log what went wrong: what is ours to mend loudly, what is the client's quietly.
///
/// What a client can cause as often as it likes, and what befalls all handlers at once, is told loudly once in ten seconds
/// for each code, with how often it was since; each single one is told at `debug`.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    unavailable: Seldom,
    timeout: Seldom,
    overloaded: Seldom,
}

impl Failures {
    /// A failure in a namespace's event, or with the method and path of a request.
    pub fn log(&self, error: &Error, id: InvocationId, namespace: &str, event: &str) {
        let event = shortened(event);
        let code = error.code();
        let cause = error.cause().map(Causes);
        if error.is(Code::Internal) {
            tracing::error!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "failed");
            return;
        }
        let Some(seldom) = self.seldom(error) else {
            tracing::debug!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "refused");
            return;
        };
        match seldom.count() {
            Some(times) => {
                tracing::warn!(%id, namespace, event, code, times, cause = cause.map(tracing::field::display), "failed");
            }
            None => tracing::debug!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "failed"),
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
struct Causes<'a>(&'a (dyn std::error::Error + Send + Sync + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
