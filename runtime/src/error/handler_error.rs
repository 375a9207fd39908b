//! The error side of a handler's reply.

use super::Error;
use std::convert::Infallible;

/// An error type that a handler may return: it knows its code, its public message and its HTTP status.
///
/// Derive it for an enum of your own, one code per variant:
///
/// ```
/// use lambdio::prelude::*;
///
/// #[derive(HandlerError)]
/// enum EditError {
///     /// Somebody else was faster.
///     #[handler_error(code = "stale_revision", status = 409, message = "the document is at revision {revision}")]
///     Stale { revision: i64, #[handler_error(details)] current: Current },
///     #[handler_error(code = "not_found", status = 404, message = "there is no such document")]
///     NotFound,
///     /// Everything else: a lost database is `unavailable`, the rest `internal`. `?` converts into it.
///     #[handler_error(other)]
///     Other(lambdio::Error),
/// }
///
/// #[payload]
/// struct Current { text: String }
///
/// let error = EditError::Stale { revision: 7, current: Current { text: "a".into() } }.into_error();
/// assert_eq!((error.code(), error.status()), ("stale_revision", 409));
/// assert_eq!(error.message(), "the document is at revision 7");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a handler",
    label = "not a `HandlerError`",
    note = "write `#[derive(HandlerError)]` on the type and give each variant its code",
    note = "or return `lambdio::Error`, which every other error type becomes with `?`"
)]
pub trait HandlerError: Send + Sized + 'static {
    /// The error as it goes to the client, with the cause for the log.
    fn into_error(self) -> Error;

    /// The codes that this type can give, for the contract with clients.
    #[must_use]
    fn cases() -> &'static [ErrorCase] {
        &[]
    }
}

/// One code that a handler's error type can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCase {
    /// The code on the wire.
    pub code: &'static str,
    /// The HTTP status, 400–599.
    pub status: u16,
    /// The message, with its `{placeholders}` as written.
    pub message: &'static str,
}

impl HandlerError for Error {
    fn into_error(self) -> Error {
        self
    }
}

impl HandlerError for Infallible {
    fn into_error(self) -> Error {
        match self {}
    }
}
