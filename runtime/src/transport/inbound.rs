//! Takes each event, in arrival order, into the socket's queue.

use super::RawSocket;
use crate::{
    dispatch::{self, EventJob},
    socket::Connection,
};
use socketioxide::{
    adapter::LocalAdapter,
    handler::{MessageHandler, Value},
};
use std::sync::Arc;

/// Receives every event of one socket.
pub(super) struct Inbound(Arc<Connection>);

impl Inbound {
    pub fn new(connection: Arc<Connection>) -> Self {
        Self(connection)
    }
}

impl MessageHandler<LocalAdapter, Inbound> for Inbound {
    /// Runs in the transport's read task under a lock of the socket: it never waits, never panics and registers nothing.
    fn call(&self, _: Arc<RawSocket>, value: Value, ack: Option<i64>) {
        let handler = self.0.namespace.entry.handler_of(event_name(&value)).cloned();
        dispatch::accept(&self.0, EventJob::new(value, ack, handler));
    }
}

/// The event's name: the first string of the packet. The parser has checked that it is there, without escapes.
pub(crate) fn event_name(value: &Value) -> &str {
    let text = value.as_str().map_or("", |text| text.as_str());
    text.split('"').nth(1).unwrap_or("")
}
