//! What a client did not get.

use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// What a client did not get.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server did not answer as it should, or not at all, before there was a connection.
    #[error("no connection: {0}")]
    NotConnected(String),
    /// The server refused the client in this namespace, with this code.
    #[error("not let into {namespace}: {code}")]
    NotLetIn {
        /// Where it wanted to go.
        namespace: String,
        /// The code, such as `unauthenticated`.
        code: String,
    },
    /// The event was answered with an error.
    #[error("{event} was refused: {refused}")]
    Refused {
        /// The event.
        event: String,
        /// The error.
        refused: Box<Refused>,
    },
    /// An error was expected, and the event was served.
    #[error("{event} was served, with the answer {answer}")]
    Served {
        /// The event.
        event: String,
        /// Its acknowledgement.
        answer: Value,
    },
    /// It did not come in time.
    #[error("waited {patience:?} for {what}; {instead}")]
    Late {
        /// What was waited for.
        what: String,
        /// How long.
        patience: Duration,
        /// What came, and was not asked for.
        instead: String,
    },
    /// The connection ended before.
    #[error("waited for {what}, but the connection ended: {reason}")]
    Ended {
        /// What was waited for.
        what: String,
        /// What ended it.
        reason: String,
    },
    /// A value cannot be JSON, or came and has another shape than the type that was asked for.
    #[error("{what}: {error}")]
    Shape {
        /// Which value, and how it looks.
        what: String,
        /// What is wrong with it.
        error: String,
    },
}

/// The one shape of errors: what `{"error": …}` holds, and `exception`.
#[derive(Debug, Clone, PartialEq, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
#[non_exhaustive]
pub struct Refused {
    /// The code, such as `invalid_payload`.
    pub code: String,
    /// What a person may read.
    pub message: String,
    /// What the code's author adds; null where there is nothing.
    #[serde(default)]
    pub details: Value,
    /// When to try again, where that is known.
    #[serde(default)]
    pub retry_after_ms: Option<u64>,
    /// The invocation, as in the log.
    pub id: String,
}

impl Refused {
    /// As the client got it.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = serde_json::json!({ "code": self.code, "message": self.message, "id": self.id });
        if let Some(error) = error.as_object_mut() {
            let retry = self.retry_after_ms.map_or(Value::Null, Value::from);
            let more = [("details", self.details.clone()), ("retry_after_ms", retry)];
            error
                .extend(more.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.into(), value)));
        }
        error
    }

    /// The error in an acknowledgement, if it is one.
    pub(super) fn of(answer: &Value) -> Option<Self> {
        serde_json::from_value(answer.as_object()?.get("error")?.clone()).ok()
    }
}
