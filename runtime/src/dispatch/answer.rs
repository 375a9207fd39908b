//! Tells the client what went wrong.

use super::{Ack, InvocationId};
use crate::{
    error::{Error, ErrorBody, Exception},
    socket::{Connection, Unsent},
    wire::{Arguments, Single},
};
use socketioxide::ParserError;

/// The event that carries an error to a client that asked for no acknowledgement.
const EXCEPTION: &str = "exception";
/// Longest part of an event's name that is repeated, in characters: it is the client's own.
const NAME: usize = 256;

/// Tells the client: as the acknowledgement if it asked for one, else as the event `exception`.
pub(super) fn answer(connection: &Connection, ack: &mut Ack, event: &str, error: &Error, id: InvocationId) {
    let body = ErrorBody { error, id };
    let sent = match ack {
        Ack::Sent => return,
        Ack::Open(_) => ack.send(connection, &Single(&body)),
        Ack::NotAsked => Single(&Exception { event: shortened(event), body })
            .encode()
            .map_err(|error| Unsent::Encode(ParserError::new(error)))
            .and_then(|arguments| connection.send_event(EXCEPTION, &arguments)),
    };
    if let Err(error) = sent {
        tracing::debug!(%id, %error, "the error did not reach the client");
    }
}

/// What is repeated of an event's name.
pub(super) fn shortened(event: &str) -> &str {
    event.char_indices().nth(NAME).and_then(|(end, _)| event.get(..end)).unwrap_or(event)
}
