//! The context of `#[disconnect]`.

use super::{Context, HasHandshake, HasSocket, HasUser};
use crate::{
    app::AppState, auth::User, dispatch::InvocationId, error::Error, extract::Handshake, socket::Socket,
    transport::DisconnectReason,
};

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

impl Context for DisconnectContext {
    type Output = ();

    fn invocation(&self) -> InvocationId {
        self.id
    }

    fn app(&self) -> &AppState {
        &self.socket.connection().namespace.app
    }
}

impl HasSocket for DisconnectContext {
    fn socket(&self) -> &Socket {
        &self.socket
    }
}

impl HasUser for DisconnectContext {
    fn user(&mut self) -> Result<Option<User>, Error> {
        Ok(self.socket.user().cloned())
    }
}

impl HasHandshake for DisconnectContext {
    fn handshake(&self) -> Result<Handshake, Error> {
        Ok(self.socket.handshake()?)
    }
}
