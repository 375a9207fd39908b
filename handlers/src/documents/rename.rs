//! Another title.

use crate::{
    documents::{Document, checked_title},
    error::DocumentError,
    rooms,
    sharing::access::may_write,
};
use lambdio::{
    mongo::{bson::doc, options::ReturnDocument},
    prelude::*,
};

/// What a client sends to rename a document.
#[payload]
pub struct Rename {
    /// The document.
    pub id: Id,
    /// 1 to 200 characters.
    pub title: String,
}

/// Gives a document another title. Everybody who lists it or has it open sees that.
#[handler(namespace = "/documents", event = "rename", guard = may_write)]
async fn rename(
    Data(Rename { id, title }): Data<Rename>,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    let change = doc! { "$set": { "title": checked_title(&title)?, "updated_at": Timestamp::now() } };
    let renamed = documents.find_one_and_update(doc! { "_id": id }, change).return_document(ReturnDocument::After);
    let renamed = renamed.await?.ok_or(DocumentError::NotFound)?;
    emitter.to([rooms::listed_by(id), rooms::open_in(id)]).emit(&renamed.changed())?;
    Ok(())
}
