//! Notices that a client is gone, whatever ended the connection.

use super::RawSocket;
use crate::socket::Connection;
use socketioxide::{adapter::LocalAdapter, handler::DisconnectHandler, socket::DisconnectReason as RawReason};
use std::{fmt, sync::Arc};

/// What ended a connection. Injectable into a disconnect handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client left this namespace.
    ClientNamespaceDisconnect,
    /// The server put the client out of this namespace.
    ServerNamespaceDisconnect,
    /// The client closed the connection.
    TransportClose,
    /// The connection broke.
    TransportError,
    /// The client did not answer the heartbeat in time.
    PingTimeout,
    /// The client sent what is no packet.
    ParseError,
    /// The server is shutting down.
    ServerShuttingDown,
    /// The log-in behind the socket has ended: it expired, or the user logged out, was disabled or lost a role.
    SessionEnded,
    /// The client read too slowly what it was sent: more than `socketio.max_unsent_size` waited for it, or most of what
    /// waited for all clients when that neared `socketio.total_unsent_size`.
    SlowConsumer,
}

impl From<RawReason> for DisconnectReason {
    fn from(reason: RawReason) -> Self {
        match reason {
            RawReason::ClientNSDisconnect => Self::ClientNamespaceDisconnect,
            RawReason::ServerNSDisconnect => Self::ServerNamespaceDisconnect,
            RawReason::TransportClose => Self::TransportClose,
            RawReason::TransportError => Self::TransportError,
            RawReason::HeartbeatTimeout => Self::PingTimeout,
            RawReason::MultipleHttpPollingError | RawReason::PacketParsingError => Self::ParseError,
            RawReason::ClosingServer => Self::ServerShuttingDown,
        }
    }
}

impl DisconnectReason {
    /// The reason in words: `transport close`, `ping timeout`, ….
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientNamespaceDisconnect => "client namespace disconnect",
            Self::ServerNamespaceDisconnect => "server namespace disconnect",
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::ServerShuttingDown => "server shutting down",
            Self::SessionEnded => "session ended",
            Self::SlowConsumer => "slow consumer",
        }
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Ends one connection.
pub(super) struct Departure(Arc<Connection>);

impl Departure {
    pub fn new(connection: Arc<Connection>) -> Self {
        Self(connection)
    }
}

impl DisconnectHandler<LocalAdapter, Departure> for Departure {
    /// Runs synchronously where the transport notices the end. `defer` takes the socket out of its rooms; it must run
    /// whatever the author's handler does, so it runs here and the handler comes later, as the queue's last job.
    fn call_with_defer(&self, raw: Arc<RawSocket>, reason: RawReason, defer: fn(Arc<RawSocket>)) {
        self.0.depart(|| defer(raw), reason.into());
    }
}

impl Drop for Departure {
    /// The transport drops the socket, and this with it, also where it never called the handler: when CONNECT was
    /// refused or could not be sent.
    fn drop(&mut self) {
        self.0.depart(|| {}, DisconnectReason::TransportError);
    }
}
