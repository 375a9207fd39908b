//! How long an invocation waited, ran, and was kept waiting by its client.

use std::time::{Duration, Instant};

/// When an invocation was accepted and began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    pub accepted: Instant,
    /// `None` where it was refused before it began.
    pub began: Option<Instant>,
    /// How long it has waited, since it began, for a client to send the body of its request. `None` where it did not ask for one.
    pub body: Option<Duration>,
}

impl Timing {
    /// Accepted at this moment, and not begun.
    pub fn accepted(accepted: Instant) -> Self {
        Self { accepted, began: None, body: None }
    }

    /// Accepted and begun now.
    pub fn now() -> Self {
        let now = Instant::now();
        Self { accepted: now, began: Some(now), body: None }
    }

    /// How long it ran until now.
    pub(super) fn ran(&self) -> Option<Duration> {
        self.began.map(|began| began.elapsed())
    }

    /// How long it ran until now, without the wait for what its client sent slowly: that is not the handler's.
    pub(super) fn worked(&self) -> Option<Duration> {
        self.ran().map(|ran| ran.saturating_sub(self.body.unwrap_or_default()))
    }

    /// How long it waited before it began, or until now.
    pub fn waited(&self) -> Duration {
        self.began.map_or_else(|| self.accepted.elapsed(), |began| began.saturating_duration_since(self.accepted))
    }
}

/// Milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_for_a_body_is_no_work() {
        let began = Instant::now().checked_sub(Duration::from_secs(9)).unwrap();
        let timing = Timing { body: Some(Duration::from_secs(8)), began: Some(began), ..Timing::accepted(began) };
        assert!(timing.ran().unwrap() >= Duration::from_secs(9));
        assert!((1..9).contains(&timing.worked().unwrap().as_secs()));
        assert_eq!(Timing::accepted(began).worked(), None);
    }
}
