//! Why an event could not be sent.

use super::Event;
use crate::{
    socket::Disconnected,
    wire::{Arguments, Encoded},
};
use socketioxide::{BroadcastError, SendError, SocketError};

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
    /// The client does not read what it is sent, and its queue of 8 192 packets is full. Its connection is cut after
    /// `server.write_stall_timeout`.
    #[error("the client does not read, its queue is full")]
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

    pub(crate) fn from_send<E: Event>(error: &SendError) -> Self {
        match error {
            SendError::Serialize(error) => Self::Encode { event: E::NAME, reason: error.to_string() },
            SendError::Socket(SocketError::InternalChannelFull) => Self::SlowConsumer,
            SendError::Socket(_) => Self::Disconnected,
        }
    }

    /// Sending to many fails only when the event cannot be encoded.
    pub(crate) fn from_broadcast(namespace: &str, event: &'static str, error: &BroadcastError) -> Result<(), Self> {
        match error {
            BroadcastError::Serialize(error) => Err(Self::Encode { event, reason: error.to_string() }),
            BroadcastError::Socket(errors) => {
                let full = errors.iter().filter(|error| matches!(error, SocketError::InternalChannelFull)).count();
                if full > 0 {
                    tracing::warn!(
                        event,
                        namespace,
                        clients = full,
                        "clients do not read what they are sent and missed this event"
                    );
                }
                Ok(())
            }
            BroadcastError::Adapter(error) => {
                tracing::error!(event, %error, "the adapter could not pass the event on");
                Ok(())
            }
        }
    }
}
