//! Why a socket could not be tracked.

use super::{MAX_META, MAX_ROOMS};
use crate::{error::Code, socket::Disconnected};

/// Why a socket could not be tracked, or a list not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresenceError {
    /// The client is not in the namespace. `forbidden`, which nobody is there to see.
    #[error("the client is not in the namespace: it has left, or a middleware has not let it in yet")]
    Disconnected,
    /// The room's name is empty or starts with the NUL character. `invalid_payload` for the client.
    #[error("{0:?} is not a room name: it is empty or starts with NUL")]
    InvalidName(String),
    /// The meta is larger than [`MAX_META`]. `payload_too_large` for the client.
    #[error("the meta has {0} bytes of JSON, at most {MAX_META} are kept")]
    MetaTooLarge(usize),
    /// The socket is present in [`MAX_ROOMS`] rooms already, or in as many rooms as `socketio.max_rooms` allows. `overloaded`
    /// for the client.
    #[error("the socket is present in {MAX_ROOMS} rooms, or in as many rooms as socketio.max_rooms allows")]
    TooManyRooms,
    /// The meta cannot be encoded, or is not of the type that was asked for. `internal` for the client.
    #[error("the meta is not of its type: {0}")]
    Meta(String),
}

impl PresenceError {
    /// What a client is told.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Disconnected => Code::Forbidden,
            Self::InvalidName(_) => Code::InvalidPayload,
            Self::MetaTooLarge(_) => Code::PayloadTooLarge,
            Self::TooManyRooms => Code::Overloaded,
            Self::Meta(_) => Code::Internal,
        }
    }
}

impl From<Disconnected> for PresenceError {
    fn from(_: Disconnected) -> Self {
        Self::Disconnected
    }
}
