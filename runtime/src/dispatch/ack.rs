//! The acknowledgement that a client asked for.

use crate::transport::RawSocket;
use serde::Serialize;
use socketioxide::{SendError, extract::AckSender, handler::FromMessageParts, handler::Value};
use std::sync::Arc;

/// The acknowledgement that a client asked for, if it did. It is sent at most once.
pub(crate) enum Ack {
    NotAsked,
    Open { raw: Arc<RawSocket>, id: i64 },
    Sent,
}

impl Ack {
    pub fn new(raw: &Arc<RawSocket>, id: Option<i64>) -> Self {
        match id {
            Some(id) => Self::Open { raw: raw.clone(), id },
            None => Self::NotAsked,
        }
    }

    /// Sends the arguments, if the client asked and nothing was sent before.
    ///
    /// Arguments that cannot be encoded leave the acknowledgement open, so that an error can be sent in their place.
    pub fn send(&mut self, arguments: &impl Serialize) -> Result<(), SendError> {
        let Self::Open { raw, id } = self else { return Ok(()) };
        let Ok(sender) = AckSender::from_message_parts(raw, &mut Value::Bytes(bytes::Bytes::new()), &Some(*id));
        let sent = sender.send(arguments);
        if !matches!(sent, Err(SendError::Serialize(_))) {
            *self = Self::Sent;
        }
        sent
    }
}
