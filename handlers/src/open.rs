//! Opening a document.

use crate::{
    document::{Document, Text, Which, room},
    error::DocumentError,
    people::{People, Person},
};
use lambdio::{mongo::bson::doc, prelude::*};

/// What a client gets that has opened a document.
#[payload]
pub struct Opened {
    /// The title.
    pub title: String,
    /// Text and revision.
    #[serde(flatten)]
    pub text: Text,
    /// Everybody who has it open, the caller included.
    pub people: Vec<Person>,
}

/// Opens a document: from now on the caller sees its edits and who is there.
#[handler(namespace = "/documents", event = "open")]
async fn open(
    Data(Which { id }): Data<Which>,
    user: User,
    socket: Socket,
    documents: Collection<Document>,
    people: Provided<People>,
) -> Result<Opened, DocumentError> {
    // first the room, then the text: an edit in between is seen twice rather than never
    socket.join(room(id))?;
    let Some(document) = documents.find_one(doc! { "_id": id }).await? else {
        socket.leave(room(id));
        return Err(DocumentError::NotFound);
    };
    let people = people.enter(id, &socket, &user)?;
    Ok(Opened { title: document.title.clone(), text: document.into_text(), people })
}
