//! What can go wrong with a document.

use lambdio::prelude::*;

/// What can go wrong with a document.
#[derive(Debug, HandlerError)]
pub enum DocumentError {
    /// It does not exist, or not for the caller.
    #[handler_error(
        code = "no_such_document",
        status = 404,
        message = "there is no such document, or you have no access to it"
    )]
    NotFound,
    /// The caller may read it only.
    #[handler_error(code = "read_only", status = 403, message = "you may read this document, and not change it")]
    ReadOnly,
    /// Only who made a document may do that.
    #[handler_error(code = "not_owner", status = 403, message = "only its owner may do that")]
    NotOwner,
    /// An owner cannot give up the access.
    #[handler_error(
        code = "owner_stays",
        status = 409,
        message = "an owner keeps the access, and may delete the document"
    )]
    OwnerStays,
    /// Nobody has an account of this name.
    #[handler_error(code = "no_such_person", status = 404, message = "nobody has an account of this name")]
    NoSuchPerson,
    /// The link was changed or taken away.
    #[handler_error(code = "no_such_link", status = 404, message = "this link does not work, or no longer")]
    NoSuchLink,
    /// Too many have access.
    #[handler_error(
        code = "too_many_people",
        status = 409,
        message = "at most {most} people may have access to a document"
    )]
    TooManyPeople {
        /// How many may have, see [`Settings`](crate::settings::Settings).
        most: usize,
    },
    /// The caller owns too many.
    #[handler_error(
        code = "too_many_documents",
        status = 409,
        message = "one person may have at most {most} documents"
    )]
    TooManyDocuments {
        /// How many one may own, see [`Settings`](crate::settings::Settings).
        most: u64,
    },
    /// The title cannot be.
    #[handler_error(code = "invalid_title", message = "a title has 1 to {most} characters")]
    Title {
        /// Longest title, in characters.
        most: usize,
    },
    /// The bytes are no update of a text.
    #[handler_error(code = "invalid_update", message = "these bytes are no update in the encoding of Yjs, version 1")]
    Update,
    /// The pieces of one update are too much.
    #[handler_error(code = "update_too_large", status = 413, message = "one update has at most {most} bytes")]
    UpdateTooLarge {
        /// Largest update, in bytes.
        most: usize,
    },
    /// Too much is stored of this document.
    #[handler_error(
        code = "document_full",
        status = 413,
        message = "a document takes at most {most} bytes, its history included"
    )]
    Full {
        /// How much it may take, see [`Settings`](crate::settings::Settings).
        most: u64,
    },
    /// Documents can only be read for now.
    #[handler_error(code = "maintenance", status = 503, message = "documents can only be read at the moment")]
    Maintenance,
    /// Everything else, such as a lost database.
    #[handler_error(other)]
    Other(lambdio::Error),
}
