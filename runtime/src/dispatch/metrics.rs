//! What is counted of events and connections, through the `metrics` facade.
//!
//! | name | | labels |
//! |---|---|---|
//! | `lambdio_events_total` | events that were answered | namespace, event, outcome |
//! | `lambdio_event_duration_seconds` | from the beginning of a handler to its end | namespace, event |
//! | `lambdio_event_queue_seconds` | from acceptance to the beginning | namespace, event |
//! | `lambdio_connections` | clients in a namespace | namespace |
//! | `lambdio_connects_total` | clients that were let in or refused | namespace, outcome |
//! | `lambdio_evictions_total` | connections that the server ended | namespace, reason |
//!
//! An outcome is `ok`, one of the runtime's codes, or `error` for a code of the author's own: clients cannot make new
//! series. Events that no handler serves have the name `(unknown)`. Without a recorder all of this costs next to nothing.

use crate::{
    error::{Code, Error},
    transport::DisconnectReason,
};
use metrics::{Counter, Gauge, Histogram, Label};
use std::{sync::OnceLock, time::Instant};

/// The name under which events are counted that no handler serves.
pub(crate) const UNKNOWN: &str = "(unknown)";

/// `ok`, each code, and `error`.
const OUTCOMES: usize = Code::ALL.len() + 2;

/// What is counted of one event.
pub(crate) struct EventMetrics {
    labels: [Label; 2],
    /// Series that never occur are never made.
    outcomes: [OnceLock<Counter>; OUTCOMES],
    duration: Histogram,
    queued: Histogram,
}

impl EventMetrics {
    pub fn new(namespace: &'static str, event: &'static str) -> Self {
        let labels = [Label::from_static_parts("namespace", namespace), Label::from_static_parts("event", event)];
        Self {
            duration: metrics::histogram!("lambdio_event_duration_seconds", labels.iter()),
            queued: metrics::histogram!("lambdio_event_queue_seconds", labels.iter()),
            labels,
            outcomes: std::array::from_fn(|_| OnceLock::new()),
        }
    }

    /// An event was answered.
    pub fn answered(&self, failure: Option<&Error>) {
        let (place, outcome) = outcome(failure);
        let Some(counter) = self.outcomes.get(place) else { return };
        let register = || {
            let mut labels = self.labels.to_vec();
            labels.push(Label::from_static_parts("outcome", outcome));
            metrics::counter!("lambdio_events_total", labels)
        };
        counter.get_or_init(register).increment(1);
    }

    /// A handler begins. It ends when the value is dropped, also where it missed its deadline or panicked.
    pub fn begin(&self, accepted: Instant) -> Timed<'_> {
        let began = Instant::now();
        self.queued.record(began - accepted);
        Timed { duration: &self.duration, began }
    }
}

/// Measures how long a handler runs, until it is dropped.
pub(crate) struct Timed<'a> {
    duration: &'a Histogram,
    began: Instant,
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        self.duration.record(self.began.elapsed());
    }
}

/// What is counted of the clients of one namespace.
pub(crate) struct ConnectionMetrics {
    namespace: &'static str,
    connections: Gauge,
}

impl ConnectionMetrics {
    pub fn new(namespace: &'static str) -> Self {
        Self { namespace, connections: metrics::gauge!("lambdio_connections", "namespace" => namespace) }
    }

    /// A client was let in, or refused.
    pub fn connected(&self, refusal: Option<&Error>) {
        let (_, outcome) = outcome(refusal);
        metrics::counter!("lambdio_connects_total", "namespace" => self.namespace, "outcome" => outcome).increment(1);
    }

    /// A client is in from now on.
    pub fn entered(&self) {
        self.connections.increment(1);
    }

    /// A client that was in is no more.
    pub fn left(&self) {
        self.connections.decrement(1);
    }

    /// The server ended a connection.
    pub fn evicted(&self, reason: DisconnectReason) {
        let labels = [("namespace", self.namespace), ("reason", reason.as_str())];
        metrics::counter!("lambdio_evictions_total", &labels).increment(1);
    }
}

/// The place of an outcome among all, and its name.
fn outcome(failure: Option<&Error>) -> (usize, &'static str) {
    let Some(error) = failure else { return (0, "ok") };
    let known = Code::ALL.iter().position(|code| error.is(*code));
    let named = known.and_then(|place| Some((place, Code::ALL.get(place)?)));
    named.map_or((OUTCOMES - 1, "error"), |(place, code)| (place + 1, code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_a_place_of_its_own() {
        let mut places = vec![outcome(None), outcome(Some(&Error::with_code("author_s_own", 400, "")))];
        places.extend(Code::ALL.iter().map(|code| outcome(Some(&Error::new(*code)))));
        assert_eq!(places.len(), OUTCOMES);
        places.sort_unstable();
        places.dedup_by_key(|(place, _)| *place);
        assert_eq!(places.len(), OUTCOMES);
    }
}
