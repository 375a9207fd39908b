//! Taking somebody's access away.

use crate::{
    documents::Document,
    error::DocumentError,
    rooms::{self, NAMESPACE},
    sharing::access::{Role, is_owner},
    sharing::show::{Sharing, SharingChanged},
    writing::cursor::CursorMoved,
};
use lambdio::{EmitError, mongo::bson::doc, prelude::*};

/// What an owner sends to take somebody's access away.
#[payload]
pub struct Unshare {
    /// The document.
    pub id: Id,
    /// The user's id.
    pub user: String,
}

/// Sent to those who have a document no more.
#[event(namespace = "/documents", name = "document_removed")]
pub struct DocumentRemoved {
    /// The document.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Why somebody has a document no more.
#[payload]
#[derive(Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is no more.
    Deleted,
    /// Its owner has taken the access away.
    AccessRemoved,
    /// They have given it up.
    Left,
}

/// Takes somebody's access away. Where they have the document open, they are put out at once.
#[handler(namespace = "/documents", event = "unshare", guard = is_owner)]
async fn unshare(
    Data(Unshare { id, user }): Data<Unshare>,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<Sharing, DocumentError> {
    let mut document = remove(&documents, id, &user).await?;
    // an owner may name anybody, also themselves
    if document.people.extract_if(.., |member| member.person.id == user).next().is_some() {
        put_out(&emitter, id, &user, Reason::AccessRemoved)?;
    }
    emitter.to(rooms::open_in(id)).emit(&SharingChanged { id })?;
    Ok(document.sharing(Role::Owner))
}

/// Takes somebody from the people of a document. Gives it as it was before.
///
/// # Errors
/// [`DocumentError::NotFound`] where the document was deleted meanwhile.
pub async fn remove(documents: &Collection<Document>, id: Id, user_id: &str) -> Result<Document, DocumentError> {
    let without = doc! { "$pull": { "people": { "id": user_id } } };
    documents.find_one_and_update(doc! { "_id": id }, without).await?.ok_or(DocumentError::NotFound)
}

/// Puts somebody out who has no access any more. It is gone from their lists, and from where they have it open.
///
/// The access has to be gone before: who opens the document meanwhile finds that out by themselves.
///
/// # Errors
/// None that a client could bring about.
pub fn put_out(emitter: &Emitter, id: Id, user_id: &str, reason: Reason) -> Result<(), EmitError> {
    let theirs = emitter.to_user(user_id);
    let sockets = theirs.sockets(NAMESPACE);
    let (opened, listing): (Vec<_>, Vec<_>) = sockets.iter().partition(|socket| socket.is_in(rooms::open_in(id)));
    for socket in opened.iter().chain(&listing) {
        socket.leave([rooms::listed_by(id), rooms::open_in(id)]);
    }
    // out of all rooms first: who is told hears nothing more
    theirs.emit(&DocumentRemoved { id, reason })?;
    for socket in opened {
        if let Some(user) = socket.user() {
            emitter.to(rooms::open_in(id)).emit(&CursorMoved::gone(id, socket, user))?;
        }
    }
    rooms::tell_here(emitter, id)
}
