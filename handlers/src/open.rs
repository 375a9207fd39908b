//! Opening a document.

use crate::{
    document::{Document, Text, Which},
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
    // first into the room, then the text: an edit in between is seen twice rather than never
    let there = people.enter(id, &socket, &user)?;
    match documents.find_one(doc! { "_id": id }).await {
        Ok(Some(document)) => Ok(Opened { title: document.title.clone(), text: document.into_text(), people: there }),
        missed => {
            people.leave(id, &socket)?;
            Err(missed.map_or_else(DocumentError::from, |_| DocumentError::NotFound))
        }
    }
}
