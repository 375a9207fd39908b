//! Deleting a document.

use crate::{
    documents::Which,
    error::DocumentError,
    rooms::{self, NAMESPACE},
    sharing::access::is_owner,
    sharing::unshare::{DocumentRemoved, Reason},
    writing::history::History,
};
use lambdio::prelude::*;

/// Deletes a document. It is gone from all lists, and nobody has it open any more.
#[handler(namespace = "/documents", event = "delete", guard = is_owner)]
async fn delete(Data(Which { id }): Data<Which>, history: History, emitter: Emitter) -> Result<(), DocumentError> {
    history.delete(id).await?;
    // all rooms first: who is told hears nothing more
    let concerned = emitter.to([rooms::listed_by(id), rooms::open_in(id)]).sockets(NAMESPACE);
    emitter.presence(NAMESPACE).forget(rooms::open_in(id));
    for socket in concerned {
        socket.leave([rooms::listed_by(id), rooms::open_in(id)]);
        // who is gone meanwhile need not be told
        let _ = socket.emit(&DocumentRemoved { id, reason: Reason::Deleted });
    }
    Ok(())
}
