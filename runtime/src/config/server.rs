//! `[server]`: where the process listens.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::HumanDuration;
use super::review::Review;
use super::web_origin;

/// Where the process listens and how it stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The address to listen on. Default 127.0.0.1: reachable from this machine only.
    pub host: IpAddr,
    /// The TCP port to listen on. Default 3000; 0 takes any free port.
    pub port: u16,
    /// The origins under which browsers reach this server, each `scheme://host[:port]`. Default
    /// none. Pages from these origins may connect.
    pub public_urls: Vec<String>,
    /// How long accepted work may go on after a signal to stop. Default 10s. "0s" stops at once.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub shutdown_timeout: Duration,
    /// How long a client may leave what it is sent unread before its connection is cut. Default 30s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub write_stall_timeout: Duration,
    /// Lets the development profile listen on another address than loopback. Default false, since
    /// that profile trusts whoever reaches it.
    pub allow_insecure: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 3000,
            public_urls: Vec::new(),
            shutdown_timeout: Duration::from_secs(10),
            write_stall_timeout: Duration::from_secs(30),
            allow_insecure: false,
        }
    }
}

impl Server {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        for url in &self.public_urls {
            if let Err(reason) = web_origin::check(url) {
                review.reject(&["server", "public_urls"], format!("{url:?} {reason}"));
            }
        }
        review.not_endless(&["server", "shutdown_timeout"], self.shutdown_timeout);
        review.positive(&["server", "write_stall_timeout"], self.write_stall_timeout);
        let host = ["server", "host"];
        if review.profile().is_development() && !self.host.is_loopback() {
            if self.allow_insecure {
                review.warn(
                    &["server", "allow_insecure"],
                    format!("the development profile listens on {}: it trusts whoever reaches it", self.host),
                );
            } else {
                review.contradict(
                    &[&host, &["server", "allow_insecure"]],
                    format!(
                        "the development profile listens on loopback only, not on {}; choose another profile, or set \
                         server.allow_insecure = true",
                        self.host
                    ),
                );
            }
        }
    }
}
