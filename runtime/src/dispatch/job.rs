//! What waits in a socket's queue.

use crate::{
    registry::EventEntry,
    transport::{DisconnectReason, inbound::event_name},
};
use socketioxide::handler::Value;
use std::{sync::Arc, time::Instant};

/// What waits in a socket's queue.
pub(crate) enum Job {
    /// The first one, if the namespace has a connect handler.
    Connect { auth: Option<Value> },
    /// An event of the client.
    Event(EventJob),
    /// The last one, if the namespace has a disconnect handler.
    Disconnect { reason: DisconnectReason },
}

/// An event as it came in. It holds nothing of its connection, which owns the queue it waits in.
pub(crate) struct EventJob {
    pub value: Value,
    pub ack: Option<i64>,
    /// `None` where no handler serves the event.
    pub handler: Option<Arc<EventEntry>>,
    pub accepted: Instant,
    /// Size of text and attachments.
    pub bytes: usize,
}

impl EventJob {
    pub fn new(value: Value, ack: Option<i64>, handler: Option<Arc<EventEntry>>) -> Self {
        let attachments = match &value {
            Value::Str(_, Some(attachments)) => attachments.iter().map(bytes::Bytes::len).sum(),
            _ => 0,
        };
        let bytes = value.len() + attachments;
        Self { value, ack, handler, accepted: Instant::now(), bytes }
    }

    pub fn event(&self) -> &str {
        event_name(&self.value)
    }
}
