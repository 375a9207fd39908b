//! What is counted of log-ins.

use super::catalogue::LOGINS;
use crate::error::Error;

/// Somebody logged in with name and password, or was refused. Gives the answer back. The codes are those of the accounts and
/// of the runtime, so there are few.
pub(crate) fn logged_in<T>(answer: Result<T, Error>) -> Result<T, Error> {
    let outcome = answer.as_ref().err().map_or("ok", Error::code).to_owned();
    metrics::counter!(LOGINS, "outcome" => outcome).increment(1);
    answer
}
