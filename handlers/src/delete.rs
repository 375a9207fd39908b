//! Deleting a document.

use crate::{
    document::{Document, Which, room},
    error::DocumentError,
};
use lambdio::{mongo::bson::doc, prelude::*};

/// Sent to everybody when a document is no more.
#[event(namespace = "/documents", name = "deleted")]
pub struct Deleted {
    /// The document.
    pub id: Id,
}

/// Only who made a document may delete it.
#[guard]
async fn is_owner(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
) -> Result<(), DocumentError> {
    let document = documents.find_one(doc! { "_id": id }).await?.ok_or(DocumentError::NotFound)?;
    if document.owner == user.id() { Ok(()) } else { Err(DocumentError::NotOwner) }
}

/// Deletes a document of one's own. Everybody's list shows it, and nobody has it open any more.
#[handler(namespace = "/documents", event = "delete", guard = is_owner)]
async fn delete(
    Data(Which { id }): Data<Which>,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    if documents.delete_one(doc! { "_id": id }).await?.deleted_count == 0 {
        return Err(DocumentError::NotFound);
    }
    emitter.presence("/documents").forget(room(id));
    emitter.emit(&Deleted { id })?;
    Ok(())
}
