//! What is counted of the clients of a namespace.

use super::{
    catalogue::{CONNECTIONS, CONNECTS, DISCONNECTS, EVICTIONS},
    events::UNKNOWN,
    outcome::outcome,
};
use crate::{error::Error, transport::DisconnectReason};
use metrics::{Counter, Gauge};

/// What is counted of the clients of one namespace.
pub(crate) struct ConnectionMetrics {
    namespace: &'static str,
    connections: Gauge,
}

impl ConnectionMetrics {
    pub fn new(namespace: &'static str) -> Self {
        let metrics = Self { namespace, connections: metrics::gauge!(CONNECTIONS, "namespace" => namespace) };
        // there from the beginning: an alert compares with zero, not with nothing
        metrics.counter(EVICTIONS, DisconnectReason::SlowConsumer).absolute(0);
        metrics
    }

    /// A client was let in, or refused.
    pub fn connected(&self, refusal: Option<&Error>) {
        let (_, outcome) = outcome(refusal);
        metrics::counter!(CONNECTS, "namespace" => self.namespace, "outcome" => outcome).increment(1);
    }

    /// A client is in from now on.
    pub fn entered(&self) {
        self.connections.increment(1);
    }

    /// A client that was in is no more.
    pub fn left(&self, reason: DisconnectReason) {
        self.connections.decrement(1);
        self.counter(DISCONNECTS, reason).increment(1);
    }

    /// The server ended a connection.
    pub fn evicted(&self, reason: DisconnectReason) {
        self.counter(EVICTIONS, reason).increment(1);
    }

    fn counter(&self, name: &'static str, reason: DisconnectReason) -> Counter {
        metrics::counter!(name, "namespace" => self.namespace, "reason" => reason.as_str())
    }
}

/// A client asked for a namespace that there is not.
pub(crate) fn refused_unknown_namespace(refusal: &Error) {
    let (_, outcome) = outcome(Some(refusal));
    metrics::counter!(CONNECTS, "namespace" => UNKNOWN, "outcome" => outcome).increment(1);
}
