//! Notices that a client is gone, whatever ended the connection.

use super::RawSocket;
use crate::{
    dispatch::{self, Job},
    socket::Connection,
};
use socketioxide::{adapter::LocalAdapter, handler::DisconnectHandler, socket::DisconnectReason as RawReason};
use std::{fmt, sync::Arc};

/// What ended a connection. Injectable into a disconnect handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client left this namespace.
    ClientLeft,
    /// The server put the client out of this namespace.
    ServerPutOut,
    /// The client closed the connection.
    Closed,
    /// The connection broke.
    Broken,
    /// The client did not answer the heartbeat in time.
    HeartbeatTimeout,
    /// The client broke the protocol.
    ProtocolViolation,
    /// The server is shutting down.
    ShuttingDown,
}

impl From<RawReason> for DisconnectReason {
    fn from(reason: RawReason) -> Self {
        match reason {
            RawReason::ClientNSDisconnect => Self::ClientLeft,
            RawReason::ServerNSDisconnect => Self::ServerPutOut,
            RawReason::TransportClose => Self::Closed,
            RawReason::TransportError => Self::Broken,
            RawReason::HeartbeatTimeout => Self::HeartbeatTimeout,
            RawReason::MultipleHttpPollingError | RawReason::PacketParsingError => Self::ProtocolViolation,
            RawReason::ClosingServer => Self::ShuttingDown,
        }
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientLeft => "the client left the namespace",
            Self::ServerPutOut => "the server put the client out",
            Self::Closed => "the client closed the connection",
            Self::Broken => "the connection broke",
            Self::HeartbeatTimeout => "the client did not answer the heartbeat",
            Self::ProtocolViolation => "the client broke the protocol",
            Self::ShuttingDown => "the server is shutting down",
        })
    }
}

/// Ends one connection, once.
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
        depart(&self.0, || defer(raw), reason.into());
    }
}

impl Drop for Departure {
    /// The transport drops the socket, and this with it, also where it never called the handler: when CONNECT was
    /// refused or could not be sent.
    fn drop(&mut self) {
        self.0.namespace.sender().remove(&self.0);
    }
}

/// Ends a connection for its handlers, once: out of its rooms now, the disconnect handler as the queue's last job.
pub(super) fn depart(connection: &Arc<Connection>, leave: impl FnOnce(), reason: DisconnectReason) {
    connection.namespace.sender().remove(connection);
    if connection.depart(leave) && connection.namespace.entry.disconnect.is_some() {
        dispatch::finish(connection, Job::Disconnect { reason });
    }
}
