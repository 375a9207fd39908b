//! How errors of other crates become ours: a lost database is `unavailable`, all else `internal`.

use super::{Code, Error};
use mongodb::error::{Error as MongoError, ErrorKind};
use std::error::Error as StdError;

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::new(classify(&error)).with_cause(error)
    }
}

/// Looks through the chain of causes for a lost database.
fn classify(error: &(dyn StdError + 'static)) -> Code {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<MongoError>().is_some_and(is_database_away) {
            return Code::Unavailable;
        }
        next = error.source();
    }
    Code::Internal
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
