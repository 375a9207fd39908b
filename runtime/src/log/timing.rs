//! How long an invocation waited and ran.

use std::time::{Duration, Instant};

/// When an invocation was accepted and began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    pub accepted: Instant,
    /// `None` where it was refused before it began.
    pub began: Option<Instant>,
}

impl Timing {
    /// Accepted at this moment, and not begun.
    pub fn accepted(accepted: Instant) -> Self {
        Self { accepted, began: None }
    }

    /// Accepted and begun now.
    pub fn now() -> Self {
        let now = Instant::now();
        Self { accepted: now, began: Some(now) }
    }

    /// How long it ran until now.
    pub(super) fn ran(&self) -> Option<Duration> {
        self.began.map(|began| began.elapsed())
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
