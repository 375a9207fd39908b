//! Opening a document.

use crate::{
    document::{Document, Text, Which, room},
    error::DocumentError,
};
use lambdio::{mongo::bson::doc, prelude::*};

/// What a client gets that has opened a document. Who else has it open comes as `presence_list`.
#[payload]
pub struct Opened {
    /// The title.
    pub title: String,
    /// Text and revision.
    #[serde(flatten)]
    pub text: Text,
}

/// Opens a document: from now on the caller sees its edits and who is there.
#[handler(namespace = "/documents", event = "open")]
async fn open(
    Data(Which { id }): Data<Which>,
    socket: Socket,
    documents: Collection<Document>,
    presence: Presence,
) -> Result<Opened, DocumentError> {
    // first into the room, then the text: an edit in between is seen twice rather than never
    presence.track(room(id), &())?;
    match documents.find_one(doc! { "_id": id }).await {
        Ok(Some(document)) => Ok(Opened { title: document.title.clone(), text: document.into_text() }),
        missed => {
            socket.leave(room(id));
            Err(missed.map_or_else(DocumentError::from, |_| DocumentError::NotFound))
        }
    }
}
