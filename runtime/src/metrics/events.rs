//! What is counted of events.

use super::{
    catalogue::{EVENT_DURATION, EVENT_QUEUE, EVENTS},
    outcome::{OUTCOMES, outcome},
};
use crate::error::Error;
use metrics::{Counter, Histogram, Label};
use std::{sync::OnceLock, time::Instant};

/// The name under which events are counted that no handler serves.
pub(crate) const UNKNOWN: &str = "(unknown)";

/// What is counted of one event. Series that never occur are never made.
pub(crate) struct EventMetrics {
    labels: [Label; 2],
    outcomes: [OnceLock<Counter>; OUTCOMES],
    duration: OnceLock<Histogram>,
    queued: OnceLock<Histogram>,
}

impl EventMetrics {
    pub fn new(namespace: &'static str, event: &'static str) -> Self {
        Self {
            labels: [Label::from_static_parts("namespace", namespace), Label::from_static_parts("event", event)],
            outcomes: std::array::from_fn(|_| OnceLock::new()),
            duration: OnceLock::new(),
            queued: OnceLock::new(),
        }
    }

    /// An event was answered.
    pub fn answered(&self, failure: Option<&Error>) {
        let (place, outcome) = outcome(failure);
        let Some(counter) = self.outcomes.get(place) else { return };
        let register = || {
            let mut labels = self.labels.to_vec();
            labels.push(Label::from_static_parts("outcome", outcome));
            metrics::counter!(EVENTS, labels)
        };
        counter.get_or_init(register).increment(1);
    }

    /// A handler begins. It ends when the value is dropped, also where it missed its deadline or panicked.
    pub fn begin(&self, accepted: Instant) -> Timed<'_> {
        let began = Instant::now();
        let queued = self.queued.get_or_init(|| metrics::histogram!(EVENT_QUEUE, self.labels.iter()));
        queued.record(began - accepted);
        let duration = self.duration.get_or_init(|| metrics::histogram!(EVENT_DURATION, self.labels.iter()));
        Timed { duration, began }
    }
}

/// Measures how long something runs, until it is dropped.
pub(crate) struct Timed<'a> {
    duration: &'a Histogram,
    began: Instant,
}

impl Timed<'_> {
    /// When it began.
    pub fn began(&self) -> Instant {
        self.began
    }
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        self.duration.record(self.began.elapsed());
    }
}
