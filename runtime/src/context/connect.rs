//! The context of `#[connect]` and `#[middleware(connect)]`.

use super::of_socket::of_socket;
use crate::{
    dispatch::InvocationId,
    error::Error,
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
        serde_path_to_error::deserialize(deserializer).map_err(|error| Misfit::at("auth", error).into())
    }
}

of_socket!(ConnectContext, ());
