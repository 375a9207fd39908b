//! How errors of other types become ours: a lost database is `unavailable`, an impossible room name `invalid_payload`, all
//! else `internal`.

use super::{Code, Error};
use crate::{AckError, Disconnected, EmitError, JoinError, PresenceError};
use mongodb::error::{Error as MongoError, ErrorKind};
use std::error::Error as StdError;

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::new(classify(&error)).with_cause(error)
    }
}

/// Looks through the chain of causes for what is no failure of the handler.
fn classify(error: &(dyn StdError + 'static)) -> Code {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<MongoError>().is_some_and(is_database_away) {
            return Code::Unavailable;
        }
        match error.downcast_ref() {
            Some(JoinError::InvalidName(_)) => return Code::InvalidPayload,
            Some(JoinError::TooMany(_)) => return Code::Overloaded,
            _ => {}
        }
        if let Some(error) = error.downcast_ref::<PresenceError>() {
            return error.code();
        }
        if is_client_gone(error) {
            // nobody is there to be told, and for the log it is no failure of ours
            return Code::Forbidden;
        }
        next = error.source();
    }
    Code::Internal
}

/// Whether a client left while it was being served, or was disconnected because it does not read.
fn is_client_gone(error: &(dyn StdError + 'static)) -> bool {
    error.is::<Disconnected>()
        || matches!(error.downcast_ref(), Some(JoinError::Disconnected))
        || matches!(error.downcast_ref(), Some(EmitError::Disconnected | EmitError::SlowConsumer))
        || matches!(
            error.downcast_ref(),
            Some(AckError::Disconnected | AckError::Emit(EmitError::Disconnected | EmitError::SlowConsumer))
        )
}

/// Whether the database could not be reached, as opposed to having answered with an error.
pub(crate) fn is_database_away(error: &MongoError) -> bool {
    match error.kind.as_ref() {
        ErrorKind::ServerSelection { .. }
        | ErrorKind::Io(_)
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::Authentication { .. }
        | ErrorKind::Shutdown => true,
        ErrorKind::Command(failure) => GOING_AWAY.contains(&failure.code),
        _ => error.contains_label(mongodb::error::RETRYABLE_WRITE_ERROR),
    }
}

/// What a server answers that is stopping, or no longer the primary: the codes of MongoDB's specification "Retryable
/// Reads".
const GOING_AWAY: [i32; 12] = [6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_left_is_no_failure_of_the_handler() {
        assert!(Error::from(Disconnected).is(Code::Forbidden));
        assert!(Error::from(AckError::Emit(EmitError::Disconnected)).is(Code::Forbidden));
        assert!(Error::from(EmitError::SlowConsumer).is(Code::Forbidden));
    }

    #[test]
    fn an_error_of_presence_has_its_own_code() {
        assert!(Error::from(PresenceError::MetaTooLarge(5000)).is(Code::PayloadTooLarge));
        assert!(Error::from(PresenceError::InvalidName(String::new())).is(Code::InvalidPayload));
        assert!(Error::from(PresenceError::Disconnected).is(Code::Forbidden));
    }

    #[test]
    fn a_room_name_that_cannot_be_is_the_clients_mistake() {
        assert!(Error::from(JoinError::InvalidName(String::new())).is(Code::InvalidPayload));
    }
}
