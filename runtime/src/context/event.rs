//! The context of `#[handler]`.

use super::{HasEvent, HasPayload, of_socket::of_socket};
use crate::{
    dispatch::{EventJob, InvocationId},
    error::Error,
    reply::Reply,
    socket::Socket,
    transport::inbound::event_name,
    wire::{
        Payload,
        inbound::{First, FromArguments, Misfit, decode_event},
    },
};
use socketioxide::handler::Value;
use std::{any::Any, sync::Arc};

/// What `#[handler]` extracts from: one event of one client. A clone is cheap and has the same event.
#[derive(Clone)]
pub struct EventContext {
    id: InvocationId,
    socket: Socket,
    value: Value,
    /// Whether the client asked for an acknowledgement.
    wants_reply: bool,
    /// What middleware left for those inside, outermost first.
    attached: Vec<Arc<dyn Any + Send + Sync>>,
}

impl EventContext {
    pub(crate) fn new(id: InvocationId, socket: Socket, job: EventJob) -> Self {
        Self { id, socket, value: job.value, wants_reply: job.ack.is_some(), attached: Vec::new() }
    }

    /// The event's name.
    #[must_use]
    pub fn event(&self) -> &str {
        event_name(&self.value)
    }

    /// Whether the client asked for an acknowledgement.
    pub(crate) fn wants_reply(&self) -> bool {
        self.wants_reply
    }

    /// Leaves a value for those inside.
    pub(crate) fn attach<T: Send + Sync + 'static>(&mut self, value: T) {
        self.attached.push(Arc::new(value));
    }

    /// The value of this type that was left last.
    pub(crate) fn attached<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.attached.iter().rev().find_map(|value| value.clone().downcast().ok())
    }

    /// Decodes the arguments. The first attempt is quick; where it fails, a second one finds out where.
    pub(crate) fn arguments<T: FromArguments>(&self) -> Result<T, Error> {
        decode_event(&self.value, false)
            .or_else(|_| decode_event(&self.value, true))
            .map_err(|error| Misfit::from_text(&error.to_string()).into())
    }
}

impl HasEvent for EventContext {
    fn event_context(&self) -> &EventContext {
        self
    }
}

impl HasPayload for EventContext {
    const PLACE: &'static str = "[0]";

    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        self.arguments::<First<T>>().map(|First(value)| value)
    }
}

of_socket!(EventContext, Reply);
