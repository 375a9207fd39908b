//! How errors of other crates become ours: a lost database is `unavailable`, all else `internal`.

use super::{Code, Error};
use mongodb::error::{Error as MongoError, ErrorKind};
use std::error::Error as StdError;

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::new(classify(&error)).caused_by(error)
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
    matches!(
        error.kind.as_ref(),
        ErrorKind::ServerSelection { .. }
            | ErrorKind::Io(_)
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. }
            | ErrorKind::Authentication { .. }
    ) || error.contains_label(mongodb::error::RETRYABLE_WRITE_ERROR)
        || error.contains_label(mongodb::error::TRANSIENT_TRANSACTION_ERROR) && is_network(error)
}

fn is_network(error: &MongoError) -> bool {
    matches!(error.kind.as_ref(), ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. })
}
