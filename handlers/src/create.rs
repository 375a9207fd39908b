//! A new document.

use crate::{
    document::{Document, Summary},
    error::DocumentError,
};
use lambdio::prelude::*;

/// What a client sends to create a document.
#[payload]
pub struct Create {
    /// 1 to 200 characters.
    pub title: String,
}

/// Sent to everybody when there is a new document.
#[event(namespace = "/documents", name = "created")]
pub struct Created {
    /// Its line in the list.
    pub document: Summary,
}

/// Creates a document. Everybody's list shows it.
#[handler(namespace = "/documents", event = "create")]
async fn create(
    Data(create): Data<Create>,
    user: User,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<Summary, DocumentError> {
    let document = Document::new(&create.title, &user)?;
    documents.insert_one(&document).await?;
    emitter.emit(&Created { document: document.summary() })?;
    Ok(document.summary())
}
