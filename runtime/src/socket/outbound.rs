//! What is sent to one client.

use super::{Connection, Disconnected};
use crate::{
    transport::DisconnectReason,
    wire::{Encoded, PacketSize},
};
use socketioxide::{
    ParserError, SendError, SocketError,
    extract::AckSender,
    handler::{FromMessageParts, Value},
};

/// Why something did not go out to a client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsent {
    #[error("the client has left")]
    Disconnected,
    #[error("the client reads too slowly and was disconnected")]
    SlowConsumer,
    #[error("it cannot be encoded: {0}")]
    Encode(#[from] ParserError),
}

impl From<Disconnected> for Unsent {
    fn from(_: Disconnected) -> Self {
        Self::Disconnected
    }
}

impl Connection {
    /// Sends an event, after everything that was sent before.
    pub fn send_event(&self, event: &str, arguments: &Encoded) -> Result<(), Unsent> {
        let raw = self.raw()?;
        self.make_room(&arguments.packet_size(self.namespace.path(), Some(event), None))?;
        raw.emit(event, arguments).map_err(|error| self.unsent(error))
    }

    /// Acknowledges an event of the client, after everything that was sent before.
    pub fn send_ack(&self, ack: i64, arguments: &Encoded) -> Result<(), Unsent> {
        let raw = self.raw()?;
        self.make_room(&arguments.packet_size(self.namespace.path(), None, Some(ack)))?;
        let Ok(sender) = AckSender::from_message_parts(&raw, &mut Value::Bytes(bytes::Bytes::new()), &Some(ack));
        sender.send(arguments).map_err(|error| self.unsent(error))
    }

    /// Counts a packet among what waits for the client. A client for whom too much waits is disconnected, so that it never
    /// misses something in the middle; where too much waits for all together, it may be another one.
    pub fn make_room(&self, packet: &PacketSize) -> Result<(), Unsent> {
        let app = &self.namespace.app;
        let (most, most_of_all) = {
            let settings = app.settings();
            (settings.socketio.max_unsent_size.bytes(), settings.socketio.total_unsent_size.bytes())
        };
        if !self.session.charge(packet, most) {
            self.evict_slow_consumer();
            return Err(Unsent::SlowConsumer);
        }
        app.sessions.relieve(most_of_all);
        Ok(())
    }

    /// What the transport says.
    pub fn unsent(&self, error: SendError) -> Unsent {
        match error {
            SendError::Serialize(error) => Unsent::Encode(error),
            SendError::Socket(SocketError::InternalChannelFull) => {
                self.evict_slow_consumer();
                Unsent::SlowConsumer
            }
            SendError::Socket(_) => Unsent::Disconnected,
        }
    }

    fn evict_slow_consumer(&self) {
        if self.evict(DisconnectReason::SlowConsumer) {
            tracing::warn!(
                namespace = self.namespace.path(),
                socket = %self.id,
                "a client reads too slowly: more than socketio.max_unsent_size waits for it, it is disconnected"
            );
        }
    }
}
