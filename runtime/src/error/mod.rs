//! One error shape for events and HTTP alike.
//!
//! ```json
//! {"error": {"code": "stale_revision", "message": "…", "details": {…}, "id": "5f0c1d2e-2a"}}
//! ```
//!
//! - [`Code`]: the runtime's own codes.
//! - [`Error`]: an error on its way to a client: what the client sees, and the cause that only the log sees.
//! - [`HandlerError`]: what a handler may return as its error type; derive it for an enum of your own.
//! - [`body`]: how an error looks on the wire.

mod body;
mod code;
mod handler_error;
mod source;

pub(crate) use body::{ErrorBody, Exception};
pub use code::Code;
pub use handler_error::{ErrorCase, HandlerError};
pub(crate) use source::is_database_away;

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

/// An error on its way to a client.
///
/// `code`, `message`, `details` and `retry_after` are sent. The cause is logged with the invocation's id and never sent.
///
/// Every other error type becomes one with `?`: a lost database is [`Code::Unavailable`], a room name that cannot be
/// [`Code::InvalidPayload`], all else [`Code::Internal`].
/// For that, `Error` itself does not implement [`std::error::Error`] (as with the `anyhow` crate).
///
/// ```
/// use lambdio::Error;
///
/// fn read(text: &str) -> Result<u32, Error> {
///     Ok(text.parse::<u32>()?)
/// }
/// let error = read("x").unwrap_err();
/// assert_eq!(error.code(), "internal");
/// assert!(!error.message().contains("invalid digit"));
/// assert_eq!(error.cause().unwrap().to_string(), "invalid digit found in string");
/// ```
pub struct Error(Box<Parts>);

struct Parts {
    code: Cow<'static, str>,
    status: u16,
    message: Cow<'static, str>,
    details: Option<serde_json::Value>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// One of the runtime's own errors, with the message of its [`Code`].
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self::with_code(code.as_str(), code.status(), code.message())
    }

    /// An error with a code of the author's own. `#[derive(HandlerError)]` writes this call.
    ///
    /// `status` is the HTTP status and has to be 400–599; anything else is answered as 500.
    pub fn with_code(code: impl Into<Cow<'static, str>>, status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Parts {
            code: code.into(),
            status,
            message: message.into(),
            details: None,
            retry_after: None,
            cause: None,
        }))
    }

    /// Replaces the message that the client sees.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Adds details that the client sees. Details that cannot be encoded are left out and become the cause.
    #[must_use]
    pub fn with_details(mut self, details: impl serde::Serialize) -> Self {
        match serde_json::to_value(details) {
            Ok(details) => self.0.details = Some(details),
            Err(error) => self.0.cause = Some(Box::new(error)),
        }
        self
    }

    /// Says when trying again makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// Adds the cause for the log. The client never sees it.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The code on the wire.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// Whether this is the runtime's own error with that code.
    #[must_use]
    pub fn is(&self, code: Code) -> bool {
        self.0.code == code.as_str()
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The message that the client sees.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The details that the client sees.
    #[must_use]
    pub fn details(&self) -> Option<&serde_json::Value> {
        self.0.details.as_ref()
    }

    /// When trying again makes sense, if that was said.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What only the log sees.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.message)
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}
