//! `[metrics]`: where metrics are shown.

use std::net::{IpAddr, Ipv4Addr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::Review;

/// Metrics for Prometheus, shown at `/metrics` of an address of their own, to everybody who reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Whether something is counted and shown. Default true.
    pub enabled: bool,
    /// The address to listen on. Default 127.0.0.1: reachable from this machine only. There is no login: another address
    /// belongs into a network that only those reach who may read metrics.
    pub host: IpAddr,
    /// The TCP port to listen on. Default 9464; 0 takes any free port.
    pub port: u16,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { enabled: true, host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 9464 }
    }
}

impl Metrics {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        if self.enabled && !self.host.is_loopback() {
            let message = format!("metrics are shown on {}, to everybody who reaches it, without a login", self.host);
            review.warn(&["metrics", "host"], message);
        }
    }
}
