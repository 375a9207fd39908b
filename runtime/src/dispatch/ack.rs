//! The acknowledgement that a client asked for.

use crate::{
    socket::{Connection, Unsent},
    wire::{Arguments, Encoded},
};
use socketioxide::ParserError;

/// The acknowledgement that a client asked for, if it did. It is sent at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ack {
    NotAsked,
    Open(i64),
    Sent,
}

impl Ack {
    pub fn new(id: Option<i64>) -> Self {
        id.map_or(Self::NotAsked, Self::Open)
    }

    /// Sends the arguments, if the client asked and nothing was sent before.
    ///
    /// Arguments that cannot be encoded leave the acknowledgement open.
    pub fn send(&mut self, connection: &Connection, arguments: &impl Arguments) -> Result<(), Unsent> {
        let Self::Open(_) = *self else { return Ok(()) };
        let arguments = arguments.encode().map_err(ParserError::new)?;
        self.send_encoded(connection, &arguments)
    }

    /// Sends what is encoded already, if the client asked and nothing was sent before.
    ///
    /// A client that is gone gets nothing: one that came back over the same transport may use the number anew.
    pub fn send_encoded(&mut self, connection: &Connection, arguments: &Encoded) -> Result<(), Unsent> {
        let Self::Open(id) = *self else { return Ok(()) };
        *self = Self::Sent;
        connection.send_ack(id, arguments)
    }
}
