//! Sharing a document with somebody.

use crate::{
    documents::Document,
    documents::create::add_to_lists,
    error::DocumentError,
    rooms,
    settings::Settings,
    sharing::access::{Granted, Member, Person, Role, is_owner},
    sharing::show::{RoleChanged, Sharing, SharingChanged},
    sharing::unshare::{Reason, put_out},
};
use lambdio::{
    Live,
    mongo::{
        bson::{Document as Filter, doc, serialize_to_bson},
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
    settings: Provided<Live<Settings>>,
    emitter: Emitter,
) -> Result<Sharing, DocumentError> {
    let found = sessions.find_user(&name).await?.ok_or(DocumentError::NoSuchPerson)?;
    let member = Member { person: Person::from(&found), role, by_link: false };
    let document = grant(&documents, id, &member, settings.get().max_people).await?;
    tell_granted(&documents, &emitter, &document, &member.person).await?;
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
        None => add(documents, doc! { "_id": id }, member, most).await,
    }
}

/// Gives access to `which` document to somebody who has none. Who has keeps theirs.
///
/// # Errors
/// [`DocumentError::NotFound`] where the document is no longer so; [`DocumentError::TooManyPeople`].
pub async fn add(
    documents: &Collection<Document>,
    which: Filter,
    member: &Member,
    most: usize,
) -> Result<Document, DocumentError> {
    let mut to_stranger = doc! {
        "owner.id": { "$ne": &member.person.id },
        "people.id": { "$ne": &member.person.id },
        "$expr": { "$lt": [{ "$size": "$people" }, i64::try_from(most).unwrap_or(i64::MAX)] },
    };
    to_stranger.extend(which.clone());
    let one_more = doc! { "$push": { "people": serialize_to_bson(member)? } };
    let added = documents.find_one_and_update(to_stranger, one_more).return_document(ReturnDocument::After).await?;
    if let Some(document) = added {
        return Ok(document);
    }
    let document = documents.find_one(which).await?.ok_or(DocumentError::NotFound)?;
    match document.role_of(&member.person.id) {
        Some(_) => Ok(document),
        None => Err(DocumentError::TooManyPeople { most }),
    }
}

/// Tells everybody concerned what somebody may do now.
///
/// # Errors
/// `unavailable` where the database is away.
pub async fn tell_granted(
    documents: &Collection<Document>,
    emitter: &Emitter,
    document: &Document,
    person: &Person,
) -> Result<(), DocumentError> {
    let Document { id, .. } = *document;
    let Some(role) = document.role_of(&person.id) else { return Ok(()) };
    add_to_lists(emitter, document, &person.id, role)?;
    emitter.to_user(&person.id).emit(&RoleChanged { id, role })?;
    emitter.to(rooms::open_in(id)).emit(&SharingChanged { id })?;
    // first into the lists, then the access: who has lost it meanwhile is put out again
    let now = documents.find_one(doc! { "_id": id }).await?;
    if now.and_then(|document| document.role_of(&person.id)).is_none() {
        put_out(emitter, id, &person.id, Reason::AccessRemoved)?;
    }
    Ok(())
}
