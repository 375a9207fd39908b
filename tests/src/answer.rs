//! Errors as clients see them.

use crate::failure::{Place, fail};
use serde::Deserialize;
use serde_json::Value;

/// An error in the one shape of all errors. Anything beyond that shape is a failure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorAnswer {
    /// What programs look at.
    pub code: String,
    /// What people read.
    pub message: String,
    /// More about it; null where there is nothing.
    #[serde(default)]
    pub details: Value,
    /// When to try again.
    #[serde(default)]
    pub retry_after_ms: Option<u64>,
    /// The invocation's name, which the server's log has as well.
    pub id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    error: ErrorAnswer,
}

impl ErrorAnswer {
    /// The error in `{"error": …}`.
    pub(crate) fn of(answer: &Value, place: Place) -> Self {
        match serde_json::from_value(answer.clone()) {
            Ok(Body { error }) if !error.message.is_empty() && is_id(&error.id) => error,
            Ok(_) => fail(place, format!("an error without message or id: {answer}")),
            Err(error) => fail(place, format!("not an error in the one shape ({error}): {answer}")),
        }
    }
}

/// `5f0c1d2e-2a`: two hexadecimal numbers.
fn is_id(id: &str) -> bool {
    let is_hex = |part: &str| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_hexdigit());
    id.split_once('-').is_some_and(|(process, number)| process.len() == 8 && is_hex(process) && is_hex(number))
}
