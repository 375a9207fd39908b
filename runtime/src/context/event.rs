//! The context of `#[handler]`.

use super::{HasPayload, of_socket::of_socket};
use crate::{
    dispatch::{Ack, EventJob, InvocationId},
    error::{Code, Error},
    socket::Socket,
    transport::{RawSocket, inbound::event_name},
    wire::{
        Payload,
        inbound::{First, FromArguments, Inbound, Misfit},
    },
};
use socketioxide::{
    ParserError,
    extract::TryData,
    handler::{FromMessageParts, Value},
};
use std::sync::Arc;

/// What `#[handler]` extracts from: one event of one client.
pub struct EventContext {
    id: InvocationId,
    socket: Socket,
    raw: Arc<RawSocket>,
    value: Value,
    ack: Ack,
}

impl EventContext {
    pub(crate) fn new(id: InvocationId, socket: Socket, job: EventJob) -> Self {
        let ack = Ack::new(&job.raw, job.ack);
        Self { id, socket, raw: job.raw, value: job.value, ack }
    }

    /// The event's name.
    #[must_use]
    pub fn event(&self) -> &str {
        event_name(&self.value)
    }

    pub(crate) fn ack(&mut self) -> &mut Ack {
        &mut self.ack
    }

    pub(crate) fn take_ack(&mut self) -> Ack {
        std::mem::replace(&mut self.ack, Ack::Sent)
    }

    /// Decodes the arguments. The first attempt is quick; where it fails, a second one finds out where.
    pub(crate) fn arguments<T: FromArguments>(&self) -> Result<T, Error> {
        if let Ok(Inbound(value)) = self.decode::<Inbound<T, false>>() {
            return Ok(value);
        }
        match self.decode::<Inbound<T, true>>() {
            Ok(Inbound(value)) => Ok(value),
            Err(error) => Err(Error::new(Code::InvalidPayload).details(Misfit::from_text(&error.to_string()))),
        }
    }

    /// Decoding takes the attachments out of the value, so it works on a copy: the text is shared, not copied.
    fn decode<T: serde::de::DeserializeOwned>(&self) -> Result<T, ParserError> {
        let Ok(TryData(decoded)) = TryData::<T>::from_message_parts(&self.raw, &mut self.value.clone(), &None);
        decoded
    }
}

impl HasPayload for EventContext {
    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        self.arguments::<First<T>>().map(|First(value)| value)
    }
}

of_socket!(EventContext);
