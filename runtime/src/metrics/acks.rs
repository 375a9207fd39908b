//! What is counted of events that ask clients for an acknowledgement.

use super::catalogue::ACKS;
use crate::emit::AckError;
use metrics::Counter;

/// What is counted of events that ask clients for an acknowledgement.
pub(crate) struct AckMetrics {
    ok: Counter,
    timeout: Counter,
    disconnected: Counter,
    misfit: Counter,
    unsent: Counter,
}

impl AckMetrics {
    pub fn new() -> Self {
        let outcome = |outcome: &'static str| metrics::counter!(ACKS, "outcome" => outcome);
        Self {
            ok: outcome("ok"),
            timeout: outcome("timeout"),
            disconnected: outcome("disconnected"),
            misfit: outcome("misfit"),
            unsent: outcome("unsent"),
        }
    }

    /// A client acknowledged, or did not. Gives the answer back.
    pub fn count<T>(&self, answer: Result<T, AckError>) -> Result<T, AckError> {
        let counter = match &answer {
            Ok(_) => &self.ok,
            Err(AckError::Timeout(_)) => &self.timeout,
            Err(AckError::Disconnected) => &self.disconnected,
            Err(AckError::Misfit(_)) => &self.misfit,
            Err(AckError::Emit(_)) => &self.unsent,
        };
        counter.increment(1);
        answer
    }
}
