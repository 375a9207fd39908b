//! The context of `#[disconnect]`.

use super::of_socket::of_socket;
use crate::{dispatch::InvocationId, socket::Socket, transport::DisconnectReason};

/// What `#[disconnect]` extracts from: a client that has left a namespace.
///
/// Its rooms are those it was in; joining and sending to it fail.
pub struct DisconnectContext {
    id: InvocationId,
    socket: Socket,
    reason: DisconnectReason,
}

impl DisconnectContext {
    pub(crate) fn new(id: InvocationId, socket: Socket, reason: DisconnectReason) -> Self {
        Self { id, socket, reason }
    }

    /// What ended the connection.
    #[must_use]
    pub fn reason(&self) -> DisconnectReason {
        self.reason
    }
}

of_socket!(DisconnectContext, ());
