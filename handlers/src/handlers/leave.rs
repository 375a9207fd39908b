//! Giving up one's own access.

use crate::{
    document::{Document, Which},
    error::DocumentError,
    handlers::{
        sharing::SharingChanged,
        unshare::{Reason, put_out, remove},
    },
    rooms,
};
use lambdio::prelude::*;

/// Takes the caller's own access away. A document's owner keeps theirs, and may delete it.
#[handler(namespace = "/documents", event = "leave")]
async fn leave(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    let document = remove(&documents, id, user.id()).await?;
    if document.role_of(user.id()).is_none() {
        put_out(&emitter, id, user.id(), Reason::Left)?;
        emitter.to(rooms::open_in(id)).emit(&SharingChanged { id })?;
    }
    Ok(())
}
