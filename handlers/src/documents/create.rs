//! A new document.

use crate::{
    documents::{Document, Line},
    error::DocumentError,
    rooms::{self, NAMESPACE},
    settings::Settings,
    sharing::access::Role,
};
use lambdio::{EmitError, Live, mongo::bson::doc, prelude::*};

/// What a client sends to create a document.
#[payload]
pub struct Create {
    /// 1 to 200 characters.
    pub title: String,
}

/// Sent to somebody who has access to a document now.
#[event(namespace = "/documents", name = "document_added")]
pub struct DocumentAdded {
    /// Its line in the list.
    pub document: Line,
}

/// Creates a document. It is in all lists of the caller.
#[handler(namespace = "/documents", event = "create")]
async fn create(
    Data(Create { title }): Data<Create>,
    user: User,
    documents: Collection<Document>,
    settings: Provided<Live<Settings>>,
    emitter: Emitter,
) -> Result<Line, DocumentError> {
    let document = Document::new(&title, &user)?;
    let most = settings.get().max_documents;
    // the database counts to more than nothing, and not further than its numbers go
    let limit = most.clamp(1, i64::MAX.unsigned_abs());
    if documents.count_documents(doc! { "owner.id": user.id() }).limit(limit).await? >= most {
        return Err(DocumentError::TooManyDocuments { most });
    }
    documents.insert_one(&document).await?;
    add_to_lists(&emitter, &document, user.id(), Role::Owner)?;
    Ok(document.line(Role::Owner, 0))
}

/// Documents in a list that grows by itself. Others share, and must not use up somebody's rooms.
const LONGEST: usize = 800;

/// Puts a document into all lists of a user who has access to it now.
///
/// # Errors
/// None that a client could bring about.
pub fn add_to_lists(emitter: &Emitter, document: &Document, user_id: &str, role: Role) -> Result<(), EmitError> {
    let theirs = emitter.to_user(user_id);
    for socket in theirs.sockets(NAMESPACE) {
        // one that is gone asks for its list again, and one with a very long list does so, too
        if rooms::listed(socket.rooms()).len() < LONGEST {
            let _ = socket.join(rooms::listed_by(document.id));
        }
    }
    theirs.emit(&DocumentAdded { document: document.line(role, rooms::here(emitter, document.id)) })
}
