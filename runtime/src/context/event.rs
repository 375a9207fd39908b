//! The context of `#[handler]`.

use super::{HasPayload, of_socket::of_socket};
use crate::{
    dispatch::{Ack, EventJob, InvocationId},
    error::Error,
    socket::{Socket, Unsent},
    transport::inbound::event_name,
    wire::{
        Arguments, Payload,
        inbound::{First, FromArguments, Misfit, decode_event},
    },
};
use socketioxide::handler::Value;

/// What `#[handler]` extracts from: one event of one client.
pub struct EventContext {
    id: InvocationId,
    socket: Socket,
    value: Value,
    ack: Ack,
}

impl EventContext {
    pub(crate) fn new(id: InvocationId, socket: Socket, job: EventJob) -> Self {
        Self { id, socket, value: job.value, ack: Ack::new(job.ack) }
    }

    /// The event's name.
    #[must_use]
    pub fn event(&self) -> &str {
        event_name(&self.value)
    }

    /// Acknowledges the event, if the client asked for that.
    pub(crate) fn acknowledge(&mut self, arguments: &impl Arguments) -> Result<(), Unsent> {
        self.ack.send(self.socket.connection(), arguments)
    }

    pub(crate) fn take_ack(&mut self) -> Ack {
        std::mem::replace(&mut self.ack, Ack::Sent)
    }

    /// Decodes the arguments. The first attempt is quick; where it fails, a second one finds out where.
    pub(crate) fn arguments<T: FromArguments>(&self) -> Result<T, Error> {
        decode_event(&self.value, false)
            .or_else(|_| decode_event(&self.value, true))
            .map_err(|error| Misfit::from_text(&error.to_string()).into())
    }
}

impl HasPayload for EventContext {
    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        self.arguments::<First<T>>().map(|First(value)| value)
    }
}

of_socket!(EventContext);
