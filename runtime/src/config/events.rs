//! `[events]`: limits of every event.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ByteSize;
use super::duration::HumanDuration;
use super::review::Review;

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
    /// How many blocking handlers run at the same time. Default 4. Further ones wait, with their
    /// deadline running.
    #[schemars(range(min = 1, max = 256))]
    pub blocking_threads: usize,
}

impl Default for Events {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), queue_length: 4096, queue_size: ByteSize::mib(1), blocking_threads: 4 }
    }
}

impl Events {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        review.positive(&["events", "timeout"], self.timeout);
        review.not_empty(&["events", "queue_size"], self.queue_size);
    }
}
