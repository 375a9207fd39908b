//! Tells the client what went wrong, and the log why.

use super::{Ack, InvocationId};
use crate::{
    error::{Code, Error, ErrorBody, Exception},
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
fn shortened(event: &str) -> &str {
    event.char_indices().nth(NAME).and_then(|(end, _)| event.get(..end)).unwrap_or(event)
}

/// Writes a failure to the log: what is ours to mend loudly, what is the client's quietly.
pub(crate) fn log_failure(error: &Error, id: InvocationId, namespace: &str, event: &str) {
    let event = shortened(event);
    let code = error.code();
    let cause = error.cause().map(Causes);
    if error.is(Code::Internal) {
        tracing::error!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "failed");
    } else if error.is(Code::Unavailable) || error.is(Code::Timeout) || error.is(Code::Overloaded) {
        tracing::warn!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "failed");
    } else {
        tracing::debug!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "refused");
    }
}

/// A cause with all its own causes, on one line.
struct Causes<'a>(&'a (dyn std::error::Error + Send + Sync + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
