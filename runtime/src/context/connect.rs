//! The context of `#[connect]` and `#[middleware(connect)]`.

use super::{Context, HasHandshake, HasSocket, HasUser};
use crate::{
    app::AppState,
    auth::User,
    dispatch::InvocationId,
    error::{Code, Error},
    extract::Handshake,
    socket::Socket,
    wire::{Payload, inbound::Misfit},
};
use socketioxide::handler::Value;

/// What `#[connect]` and `#[middleware(connect)]` extract from: a client that enters a namespace.
pub struct ConnectContext {
    id: InvocationId,
    socket: Socket,
    auth: Option<Value>,
}

impl ConnectContext {
    pub(crate) fn new(id: InvocationId, socket: Socket, auth: Option<Value>) -> Self {
        Self { id, socket, auth }
    }

    /// Decodes what the client gave as `auth`; nothing given is the empty object.
    pub(crate) fn auth<T: Payload>(&self) -> Result<T, Error> {
        let text = self.auth.as_ref().and_then(Value::as_str).map_or("{}", |text| text.as_str());
        let deserializer = &mut serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let path = error.path().to_string();
            let misfit = Misfit { path: format!("auth.{path}"), ..Misfit::from_text(&error.into_inner().to_string()) };
            Error::new(Code::InvalidPayload).details(misfit)
        })
    }
}

impl Context for ConnectContext {
    type Output = ();

    fn invocation(&self) -> InvocationId {
        self.id
    }

    fn app(&self) -> &AppState {
        &self.socket.connection().namespace.app
    }
}

impl HasSocket for ConnectContext {
    fn socket(&self) -> &Socket {
        &self.socket
    }
}

impl HasUser for ConnectContext {
    fn user(&mut self) -> Result<Option<User>, Error> {
        Ok(self.socket.user().cloned())
    }
}

impl HasHandshake for ConnectContext {
    fn handshake(&self) -> Result<Handshake, Error> {
        Ok(self.socket.handshake()?)
    }
}
