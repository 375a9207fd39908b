//! Editing a document.

use crate::{
    document::{Document, room},
    error::DocumentError,
    person::Person,
};
use lambdio::{mongo::bson::doc, prelude::*};

/// What a client sends to edit a document.
#[payload]
pub struct Edit {
    /// The document.
    pub id: Id,
    /// The revision that the edit was made on.
    pub revision: i64,
    /// The whole new text.
    pub text: String,
}

/// What a client gets whose edit is stored.
#[payload]
pub struct Edited {
    /// The revision that the next edit has to name.
    pub revision: i64,
}

/// Sent to everybody else who has the document open. Two of them may overtake each other: the higher revision counts.
#[event(namespace = "/documents", name = "text_changed")]
pub struct TextChanged {
    /// The document.
    pub id: Id,
    /// The revision that the next edit has to name.
    pub revision: i64,
    /// The whole new text.
    pub text: String,
    /// Who did it.
    pub by: Person,
}

/// Edits a document. An edit of an old revision is refused with the present text.
#[handler(namespace = "/documents", event = "edit", timeout = "5s", max_payload_size = "1MiB")]
async fn edit(
    Data(Edit { id, revision, text }): Data<Edit>,
    user: User,
    socket: Socket,
    documents: Collection<Document>,
) -> Result<Edited, DocumentError> {
    if text.len() > Document::MAX_TEXT {
        return Err(DocumentError::Text { most: Document::MAX_TEXT });
    }
    let change = doc! { "$set": { "text": &text, "updated_at": Timestamp::now() }, "$inc": { "revision": 1 } };
    let stored = documents.update_one(doc! { "_id": id, "revision": revision }, change).await?;
    if stored.matched_count == 0 {
        let current = documents.find_one(doc! { "_id": id }).await?;
        return Err(current.map_or(DocumentError::NotFound, |document| DocumentError::Stale(document.into_text())));
    }
    let revision = revision + 1;
    socket.to(room(id)).emit(&TextChanged { id, revision, text, by: Person::from(&user) })?;
    Ok(Edited { revision })
}
