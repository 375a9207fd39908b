//! Deleting a document.

use crate::{
    documents::{Document, Which},
    error::DocumentError,
    rooms::{self, NAMESPACE},
    sharing::access::is_owner,
    sharing::unshare::{DocumentRemoved, Reason},
    writing::history::History,
};
use lambdio::{mongo::bson::doc, prelude::*};

/// Deletes a document. It is gone from all lists, and nobody has it open any more.
#[handler(namespace = "/documents", event = "delete", guard = is_owner)]
async fn delete(
    Data(Which { id }): Data<Which>,
    documents: Collection<Document>,
    history: History,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    documents.delete_one(doc! { "_id": id }).await?;
    let rooms = [rooms::listed_by(id), rooms::open_in(id)];
    let concerned = emitter.to(rooms.clone());
    concerned.clone().emit(&DocumentRemoved { id, reason: Reason::Deleted })?;
    for socket in concerned.sockets(NAMESPACE) {
        socket.leave(rooms.clone());
    }
    history.remove(id).await
}
