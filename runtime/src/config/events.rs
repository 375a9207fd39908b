//! `[events]`: limits of every event.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::HumanDuration;
use super::review::Review;
use super::{ByteSize, EventRates};

/// How long an event may take, and how many may wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Events {
    /// The deadline of one invocation, counted from acceptance, where neither the handler nor
    /// `[handlers]` sets another. Default 10s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub timeout: Duration,
    /// How many events of one socket may wait. Default 4096. Further ones are answered
    /// `overloaded`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub queue_length: usize,
    /// How much payload of one socket may wait. Default 1MiB. Further events are answered
    /// `overloaded`.
    pub queue_size: ByteSize,
    /// How much payload of all sockets together may wait. Default 256MiB. Further events are
    /// answered `overloaded`.
    pub total_queue_size: ByteSize,
    /// How many events of one socket may be served at the same time. Default 1: one after the other,
    /// in the order they came.
    #[schemars(range(min = 1, max = 1000))]
    pub max_parallel_invocations: usize,
    /// How many events of all sockets may be served at the same time. Default 10000. Further ones
    /// wait in their queues, while their deadlines go on.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_in_flight: usize,
    /// The largest payload of an event, attachments included, where neither the handler nor
    /// `[handlers]` sets another. Default 64KiB. A larger one is answered `payload_too_large`.
    pub max_payload_size: ByteSize,
    /// How many blocking handlers run at the same time. Default 4. Further ones wait, with their
    /// deadline running.
    #[schemars(range(min = 1, max = 256))]
    pub blocking_threads: usize,
    /// How often each event may come, where `[handlers]` sets nothing else.
    pub rate_limit: EventRates,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            queue_length: 4096,
            queue_size: ByteSize::mib(1),
            total_queue_size: ByteSize::mib(256),
            max_parallel_invocations: 1,
            max_in_flight: 10_000,
            max_payload_size: ByteSize::new(64 << 10),
            blocking_threads: 4,
            rate_limit: EventRates::default(),
        }
    }
}

impl Events {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        review.positive(&["events", "timeout"], self.timeout);
        review.not_empty(&["events", "queue_size"], self.queue_size);
        review.not_empty(&["events", "max_payload_size"], self.max_payload_size);
        if self.total_queue_size < self.queue_size {
            review.contradict(
                &[&["events", "total_queue_size"], &["events", "queue_size"]],
                format!("must be at least events.queue_size, which is {}", self.queue_size),
            );
        }
    }
}
