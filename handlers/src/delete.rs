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

/// Deletes a document of one's own. Everybody's list shows it, and nobody has it open any more.
#[handler(namespace = "/documents", event = "delete")]
async fn delete(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    let deleted = documents.delete_one(doc! { "_id": id, "owner": user.id() }).await?;
    if deleted.deleted_count == 0 {
        let there = documents.find_one(doc! { "_id": id }).await?.is_some();
        return Err(if there { DocumentError::NotOwner } else { DocumentError::NotFound });
    }
    emitter.presence("/documents").forget(room(id));
    emitter.emit(&Deleted { id })?;
    Ok(())
}
