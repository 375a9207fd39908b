//! Why an event could not be sent.

use super::Event;
use crate::{
    socket::{Disconnected, Unsent},
    wire::{Arguments, Encoded},
};
use socketioxide::BroadcastError;

/// Why an event could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// The client has left. Only sending to one socket can fail like this.
    #[error("the client has left")]
    Disconnected,
    /// The event belongs to another namespace than the socket it was sent through.
    #[error("the event {event:?} belongs to {declared}, this socket is in {socket}")]
    OtherNamespace {
        /// The event's name.
        event: &'static str,
        /// The namespace that `#[event]` declares.
        declared: &'static str,
        /// The socket's namespace.
        socket: String,
    },
    /// The event cannot be encoded, for example because a map's keys are no strings.
    #[error("the event {event:?} cannot be encoded: {reason}")]
    Encode {
        /// The event's name.
        event: &'static str,
        /// What the encoder says.
        reason: String,
    },
    /// The client reads too slowly: more than `socketio.max_unsent_size` waits for it, or most of what waits for all clients.
    /// Its connection is ended.
    #[error("the client reads too slowly and was disconnected")]
    SlowConsumer,
}

impl From<Disconnected> for EmitError {
    fn from(_: Disconnected) -> Self {
        Self::Disconnected
    }
}

impl EmitError {
    pub(crate) fn check_namespace<E: Event>(socket: &str) -> Result<(), Self> {
        if E::NAMESPACE == socket {
            return Ok(());
        }
        Err(Self::OtherNamespace { event: E::NAME, declared: E::NAMESPACE, socket: socket.to_owned() })
    }

    pub(crate) fn encode<E: Event>(event: &E) -> Result<Encoded, Self> {
        event.arguments().encode().map_err(|error| Self::not_encoded(E::NAME, &error))
    }

    pub(crate) fn not_encoded(event: &'static str, error: &serde_json::Error) -> Self {
        Self::Encode { event, reason: error.to_string() }
    }

    pub(crate) fn from_unsent<E: Event>(unsent: Unsent) -> Self {
        match unsent {
            Unsent::Encode(error) => Self::Encode { event: E::NAME, reason: error.to_string() },
            Unsent::SlowConsumer => Self::SlowConsumer,
            Unsent::Disconnected => Self::Disconnected,
        }
    }

    /// Sending to many fails only when the event cannot be encoded.
    pub(crate) fn from_broadcast(event: &'static str, error: &BroadcastError) -> Result<(), Self> {
        match error {
            BroadcastError::Serialize(error) => Err(Self::Encode { event, reason: error.to_string() }),
            // those who left meanwhile; who reads too slowly was disconnected before
            BroadcastError::Socket(_) => Ok(()),
            BroadcastError::Adapter(error) => {
                tracing::error!(event, %error, "the adapter could not pass the event on");
                Ok(())
            }
        }
    }
}
