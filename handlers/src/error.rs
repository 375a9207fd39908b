//! What can go wrong with a document.

use crate::document::Text;
use lambdio::prelude::*;

/// What can go wrong with a document.
#[derive(Debug, HandlerError)]
pub enum DocumentError {
    /// It does not exist, or no longer.
    #[handler_error(code = "no_such_document", status = 404, message = "there is no such document")]
    NotFound,
    /// Somebody else was faster. The details are the present text, so that nothing is lost.
    #[handler_error(
        code = "stale_revision",
        status = 409,
        message = "somebody else has edited this document; the details have its present text"
    )]
    Stale(#[handler_error(details)] Text),
    /// Only who made a document may delete it.
    #[handler_error(code = "not_owner", status = 403, message = "only its owner may delete a document")]
    NotOwner,
    /// The title cannot be.
    #[handler_error(code = "invalid_title", message = "a title has 1 to {most} characters")]
    Title {
        /// Longest title, in characters.
        most: usize,
    },
    /// The text cannot be.
    #[handler_error(code = "text_too_long", status = 413, message = "a text has at most {most} bytes")]
    Text {
        /// Longest text, in bytes.
        most: usize,
    },
    /// Everything else, such as a lost database.
    #[handler_error(other)]
    Other(lambdio::Error),
}
