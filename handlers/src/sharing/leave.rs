//! Giving up one's own access.

use crate::{
    documents::{Document, Which},
    error::DocumentError,
    rooms,
    sharing::access::may_leave,
    sharing::show::SharingChanged,
    sharing::unshare::{Reason, put_out, remove},
};
use lambdio::prelude::*;

/// Takes the caller's own access away. A document's owner keeps theirs, and may delete it.
#[handler(namespace = "/documents", event = "leave", guard = may_leave)]
async fn leave(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    remove(&documents, id, user.id()).await?;
    put_out(&emitter, id, user.id(), Reason::Left)?;
    emitter.to(rooms::open_in(id)).emit(&SharingChanged { id })?;
    Ok(())
}
