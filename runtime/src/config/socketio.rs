//! `[socketio]`: the Socket.IO endpoint.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::HumanDuration;
use super::review::Review;
use super::{ByteSize, ClientRates, WebOrigin};

/// The Socket.IO endpoint: its path, its heartbeat and its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SocketIo {
    /// The path of the endpoint. Default "/socket.io", which every client uses unless told
    /// otherwise.
    #[schemars(extend("x-restart" = true))]
    pub path: String,
    /// Time between two pings to a client. Default 25s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration", extend("x-restart" = true))]
    pub ping_interval: Duration,
    /// How long a client may take to answer a ping before it counts as gone. Default 20s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration", extend("x-restart" = true))]
    pub ping_timeout: Duration,
    /// How long a client may stay connected without joining a namespace. Default 15s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration", extend("x-restart" = true))]
    pub connect_timeout: Duration,
    /// How long an emit waits for the client's acknowledgement. Default 5s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub ack_timeout: Duration,
    /// The largest message a client may send. Default 1MiB. A larger one closes that client's
    /// connection.
    #[schemars(extend("x-restart" = true))]
    pub max_message_size: ByteSize,
    /// How much may wait to be sent to one client. Default 8MiB. A client for whom more waits reads too
    /// slowly and is disconnected.
    pub max_unsent_size: ByteSize,
    /// How much may wait to be sent to all clients together. Default 512MiB. Near it, clients for whom most waits are
    /// disconnected, until an eighth of it is free.
    pub total_unsent_size: ByteSize,
    /// How many rooms one socket may be in. Default 1000.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_rooms: usize,
    /// How often clients may connect to a namespace.
    pub connect_rate_limit: ClientRates,
    /// Further origins whose pages may connect and call routes, each
    /// `scheme://host[:port]`. Default none. Those of `server.public_urls` are always allowed.
    pub origins: Vec<String>,
}

impl Default for SocketIo {
    fn default() -> Self {
        Self {
            path: "/socket.io".to_owned(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(15),
            ack_timeout: Duration::from_secs(5),
            max_message_size: ByteSize::mib(1),
            max_unsent_size: ByteSize::mib(8),
            total_unsent_size: ByteSize::mib(512),
            max_rooms: 1000,
            connect_rate_limit: ClientRates::default(),
            origins: Vec::new(),
        }
    }
}

impl SocketIo {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        review.path(&["socketio", "path"], &self.path, "/socket.io");
        review.positive(&["socketio", "ping_interval"], self.ping_interval);
        review.positive(&["socketio", "ping_timeout"], self.ping_timeout);
        review.positive(&["socketio", "connect_timeout"], self.connect_timeout);
        review.positive(&["socketio", "ack_timeout"], self.ack_timeout);
        review.not_empty(&["socketio", "max_message_size"], self.max_message_size);
        review.not_empty(&["socketio", "max_unsent_size"], self.max_unsent_size);
        if self.total_unsent_size < self.max_unsent_size {
            review.contradict(
                &[&["socketio", "total_unsent_size"], &["socketio", "max_unsent_size"]],
                format!("must be at least socketio.max_unsent_size, which is {}", self.max_unsent_size),
            );
        }
        for origin in &self.origins {
            if let Err(reason) = WebOrigin::parse(origin) {
                review.reject(&["socketio", "origins"], format!("{origin:?} {reason}"));
            }
        }
    }
}
