//! Coming by the link.

use crate::{
    documents::{Document, Line},
    error::DocumentError,
    rooms,
    settings::Settings,
    sharing::access::{Member, Person, Role},
    sharing::share::{add, tell_granted},
};
use lambdio::{
    Live,
    mongo::bson::{doc, serialize_to_bson},
    prelude::*,
};

/// What a client sends whose user has a link.
#[payload]
pub struct Join {
    /// The document.
    pub id: Id,
    /// The secret in the link.
    pub key: String,
}

/// Gives the caller the access that the link gives. Who has access already keeps it as it is.
#[handler(namespace = "/documents", event = "join")]
async fn join(
    Data(Join { id, key }): Data<Join>,
    user: User,
    documents: Collection<Document>,
    settings: Provided<Live<Settings>>,
    emitter: Emitter,
) -> Result<Line, DocumentError> {
    if let Ok((document, role)) = Document::find(&documents, id, &user).await {
        return Ok(document.line(role, rooms::here(&emitter, id)));
    }
    let linked = documents.find_one(doc! { "_id": id, "link.key": &key }).await?;
    let link = linked.and_then(|document| document.link).ok_or(DocumentError::NoSuchLink)?;
    let person = Person::from(&user);
    let member = Member { person: person.clone(), role: link.role, by_link: true };
    // the link may be another one by now
    let still_linked = doc! { "_id": id, "link": serialize_to_bson(&link)? };
    let document = add(&documents, still_linked, &member, settings.get().max_people).await?;
    tell_granted(&documents, &emitter, &document, &person).await?;
    let role = document.role_of(user.id()).unwrap_or(Role::Reader);
    Ok(document.line(role, rooms::here(&emitter, id)))
}
