//! `[server]`: where the process listens, and for whom.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::HumanDuration;
use super::network;
use super::review::Review;
use super::{Tls, WebOrigin};

/// Where the process listens, for whom, and how it stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The address to listen on. Default 127.0.0.1: reachable from this machine only.
    #[schemars(extend("x-restart" = true))]
    pub host: IpAddr,
    /// The TCP port to listen on. Default 3000; 0 takes any free port.
    #[schemars(extend("x-restart" = true))]
    pub port: u16,
    /// The origins under which browsers reach this server, each `scheme://host[:port]`. Default
    /// none. Pages from these origins may connect and call routes.
    pub public_urls: Vec<String>,
    /// Proxies whose word on the client's address counts, each an address or a network such as
    /// "10.0.0.0/8". Default none. `X-Forwarded-For` and `Forwarded` (RFC 7239) of others are ignored.
    pub trusted_proxies: Vec<String>,
    /// How many connections may be open, and how many clients be served, at the same time. Default
    /// 10000, which need about 300 MB. More are closed at once, or answered "overloaded".
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: u32,
    /// The same from one address, of IPv6 from one /64. Default 256. Connections of
    /// `trusted_proxies` are not counted by address, but the clients behind them are.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections_per_address: u32,
    /// How long a client may take for the TLS handshake, and for the head of each request, the wait
    /// for it included. Default 10s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub header_timeout: Duration,
    /// How long a client may take for the body of a request. Default 30s. A route's deadline,
    /// `events.timeout` or its own, may end earlier. A body that is late is answered `body_timeout`.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub body_timeout: Duration,
    /// How long the server goes on after a signal to stop before it refuses new work. Default "0s". Meanwhile
    /// `/health/ready` says no, so that load balancers send clients elsewhere.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub shutdown_delay: Duration,
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
    #[schemars(extend("x-restart" = true))]
    pub allow_insecure: bool,
    /// Encryption, if there is this table. Default none: plain HTTP.
    #[schemars(extend("x-restart" = "presence"))]
    pub tls: Option<Tls>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 3000,
            public_urls: Vec::new(),
            trusted_proxies: Vec::new(),
            max_connections: 10_000,
            max_connections_per_address: 256,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            shutdown_delay: Duration::ZERO,
            shutdown_timeout: Duration::from_secs(10),
            write_stall_timeout: Duration::from_secs(30),
            allow_insecure: false,
            tls: None,
        }
    }
}

impl Server {
    /// "https" with TLS, else "http".
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Whether browsers reach this server over https: directly, or through a proxy.
    pub(crate) fn is_reached_over_https(&self) -> bool {
        self.tls.is_some() || self.public_urls.iter().any(|url| url.starts_with("https://"))
    }

    pub(super) fn review(&self, review: &mut Review<'_>) {
        for url in &self.public_urls {
            if let Err(reason) = WebOrigin::parse(url) {
                review.reject(&["server", "public_urls"], format!("{url:?} {reason}"));
            }
        }
        for proxy in &self.trusted_proxies {
            let trusted = ["server", "trusted_proxies"];
            match network::parse(proxy) {
                Ok(network) if network.prefix_len() == 0 => review.warn(
                    &trusted,
                    format!(
                        "every client is trusted as a proxy ({proxy:?}) and chooses the address that limits count for"
                    ),
                ),
                Ok(_) => {}
                Err(reason) => review.reject(&trusted, format!("{proxy:?} {reason}")),
            }
        }
        review.positive(&["server", "header_timeout"], self.header_timeout);
        review.positive(&["server", "body_timeout"], self.body_timeout);
        review.not_endless(&["server", "shutdown_delay"], self.shutdown_delay);
        review.not_endless(&["server", "shutdown_timeout"], self.shutdown_timeout);
        review.positive(&["server", "write_stall_timeout"], self.write_stall_timeout);
        if let Some(tls) = &self.tls {
            tls.review(review);
        }
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
