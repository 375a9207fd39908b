//! What waits in a socket's queue.

use super::work::Held;
use crate::{registry::EventEntry, transport::DisconnectReason};
use socketioxide::handler::Value;
use std::{sync::Arc, time::Instant};

/// What waits in a socket's queue.
pub(crate) enum Job {
    /// The first one, if the namespace has a connect handler.
    Connect { auth: Option<Value> },
    /// An event of the client.
    Event(EventJob),
    /// The last one.
    Disconnect { reason: DisconnectReason },
}

/// An event as it came in. It holds nothing of its connection, which owns the queue it waits in.
pub(crate) struct EventJob {
    pub value: Value,
    pub ack: Option<i64>,
    /// `None` where no handler serves the event.
    pub handler: Option<Arc<EventEntry>>,
    pub accepted: Instant,
    /// Size of text and attachments, counted among all that waits.
    pub held: Held,
}

impl EventJob {
    pub fn bytes(&self) -> usize {
        self.held.bytes()
    }

    /// Whether later events of the socket need not wait for this one.
    pub fn is_concurrent(&self) -> bool {
        self.handler.as_ref().is_some_and(|handler| handler.concurrent)
    }
}

/// Size of text and attachments of an event.
pub(crate) fn size_of(value: &Value) -> usize {
    let attachments = match value {
        Value::Str(_, Some(attachments)) => attachments.iter().map(bytes::Bytes::len).sum(),
        _ => 0,
    };
    value.len() + attachments
}
