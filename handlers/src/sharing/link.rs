//! The link that gives access to whoever has it.

use crate::{
    documents::Document,
    error::DocumentError,
    rooms,
    sharing::access::{Granted, Link, Role, is_owner},
    sharing::share::tell_granted,
    sharing::show::{Sharing, SharingChanged},
    sharing::unshare::{Reason, put_out},
};
use lambdio::{
    mongo::{
        bson::{doc, serialize_to_bson},
        options::ReturnDocument,
    },
    prelude::*,
};

/// What an owner sends to make, change or remove the link.
#[payload]
pub struct SetLink {
    /// The document.
    pub id: Id,
    /// What the link lets people do; `null` removes it.
    pub role: Option<Granted>,
}

/// Makes the link, lets those who came by it do something else, or removes it, and them with it.
#[handler(namespace = "/documents", event = "link", guard = is_owner)]
async fn set_link(
    Data(SetLink { id, role }): Data<SetLink>,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<Sharing, DocumentError> {
    let document = match role {
        Some(role) => change(&documents, id, role, &emitter).await?,
        None => remove(&documents, id, &emitter).await?,
    };
    emitter.to(rooms::open_in(id)).emit(&SharingChanged { id })?;
    Ok(document.sharing(Role::Owner))
}

async fn change(
    documents: &Collection<Document>,
    id: Id,
    role: Granted,
    emitter: &Emitter,
) -> Result<Document, DocumentError> {
    let none = doc! { "_id": id, "link": null };
    let link = Link { role, key: new_key()? };
    documents.update_one(none, doc! { "$set": { "link": serialize_to_bson(&link)? } }).await?;
    let role = serialize_to_bson(&role)?;
    let rights = doc! { "$set": { "link.role": &role, "people.$[came].role": &role } };
    let changed = documents
        .find_one_and_update(doc! { "_id": id, "link": { "$ne": null } }, rights)
        .array_filters([doc! { "came.by_link": true }])
        .return_document(ReturnDocument::After);
    let document = changed.await?.ok_or(DocumentError::NotFound)?;
    for member in document.people.iter().filter(|member| member.by_link) {
        tell_granted(documents, emitter, &document, &member.person).await?;
    }
    Ok(document)
}

async fn remove(documents: &Collection<Document>, id: Id, emitter: &Emitter) -> Result<Document, DocumentError> {
    let without = doc! { "$set": { "link": null }, "$pull": { "people": { "by_link": true } } };
    let mut before =
        documents.find_one_and_update(doc! { "_id": id }, without).await?.ok_or(DocumentError::NotFound)?;
    for member in before.people.extract_if(.., |member| member.by_link) {
        put_out(emitter, id, &member.person.id, Reason::AccessRemoved)?;
    }
    Ok(Document { link: None, ..before })
}

/// A secret that nobody guesses: 128 random bits in hexadecimal.
fn new_key() -> Result<String, lambdio::Error> {
    let mut key = [0; 16];
    getrandom::fill(&mut key)?;
    Ok(format!("{:032x}", u128::from_be_bytes(key)))
}
