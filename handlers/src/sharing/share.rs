//! Sharing a document with somebody.

use crate::{
    documents::Document,
    documents::create::add_to_lists,
    error::DocumentError,
    rooms,
    settings::Settings,
    sharing::access::{Granted, Member, Person, Role, is_owner},
    sharing::show::{RoleChanged, Sharing, SharingChanged},
};
use lambdio::{
    EmitError,
    mongo::{
        bson::{doc, serialize_to_bson},
        options::ReturnDocument,
    },
    prelude::*,
};

/// What an owner sends to share a document.
#[payload]
pub struct Share {
    /// The document.
    pub id: Id,
    /// The name of somebody's account.
    pub name: String,
    /// What they may do.
    pub role: Granted,
}

/// Gives somebody access to a document, or other rights than they had.
#[handler(namespace = "/documents", event = "share", guard = is_owner)]
async fn share(
    Data(Share { id, name, role }): Data<Share>,
    sessions: Sessions,
    documents: Collection<Document>,
    settings: Provided<Settings>,
    emitter: Emitter,
) -> Result<Sharing, DocumentError> {
    let found = sessions.find_user(&name).await?.ok_or(DocumentError::NoSuchPerson)?;
    let member = Member { person: Person::from(&found), role, by_link: false };
    let document = grant(&documents, id, &member, settings.max_people).await?;
    tell_granted(&emitter, &document, &member.person)?;
    Ok(document.sharing(Role::Owner))
}

/// Gives somebody access, or other rights. The owner keeps theirs.
async fn grant(
    documents: &Collection<Document>,
    id: Id,
    member: &Member,
    most: usize,
) -> Result<Document, DocumentError> {
    let Member { person, role, by_link } = member;
    let present = doc! { "_id": id, "people.id": &person.id };
    let other_rights = doc! { "$set": { "people.$.role": serialize_to_bson(role)?, "people.$.by_link": by_link } };
    let changed = documents.find_one_and_update(present, other_rights).return_document(ReturnDocument::After).await?;
    match changed {
        Some(document) => Ok(document),
        None => add(documents, id, member, most).await,
    }
}

/// Gives access to somebody who has none. Who has keeps theirs.
///
/// # Errors
/// [`DocumentError::NotFound`] where the document was deleted meanwhile; [`DocumentError::TooManyPeople`].
pub async fn add(
    documents: &Collection<Document>,
    id: Id,
    member: &Member,
    most: usize,
) -> Result<Document, DocumentError> {
    let stranger = doc! {
        "_id": id,
        "owner.id": { "$ne": &member.person.id },
        "people.id": { "$ne": &member.person.id },
        "$expr": { "$lt": [{ "$size": "$people" }, i64::try_from(most).unwrap_or(i64::MAX)] },
    };
    let one_more = doc! { "$push": { "people": serialize_to_bson(member)? } };
    let added = documents.find_one_and_update(stranger, one_more).return_document(ReturnDocument::After).await?;
    if let Some(document) = added {
        return Ok(document);
    }
    let document = documents.find_one(doc! { "_id": id }).await?.ok_or(DocumentError::NotFound)?;
    match document.role_of(&member.person.id) {
        Some(_) => Ok(document),
        None => Err(DocumentError::TooManyPeople { most }),
    }
}

/// Tells everybody concerned what somebody may do now.
///
/// # Errors
/// None that a client could bring about.
pub fn tell_granted(emitter: &Emitter, document: &Document, person: &Person) -> Result<(), EmitError> {
    let Some(role) = document.role_of(&person.id) else { return Ok(()) };
    add_to_lists(emitter, document, &person.id, role)?;
    emitter.to_user(&person.id).emit(&RoleChanged { id: document.id, role })?;
    emitter.to(rooms::open_in(document.id)).emit(&SharingChanged { id: document.id })
}
