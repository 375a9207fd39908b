//! The list of documents.

use crate::{
    documents::{Document, Line},
    rooms,
    sharing::access::Role,
};
use lambdio::{mongo::TryStreamExt, mongo::bson::doc, prelude::*};

/// Longest list.
const MOST: i64 = 500;

/// Every document that the caller has access to, those first that were changed last. The caller hears of their changes from
/// now on.
#[handler(namespace = "/documents", event = "list")]
async fn list(
    user: User,
    socket: Socket,
    documents: Collection<Document>,
    emitter: Emitter,
) -> Result<Vec<Line>, lambdio::Error> {
    // first into the rooms, then what is told: a change in between is heard twice rather than never
    let before = newest(&documents, &user).await?;
    socket.join(before.iter().map(|document| rooms::listed_by(document.id)).collect::<Vec<_>>())?;
    let now = newest(&documents, &user).await?;
    let lost = before.iter().filter(|old| now.iter().all(|document| document.id != old.id));
    socket.leave(lost.map(|document| rooms::listed_by(document.id)).collect::<Vec<_>>());
    let line = |document: &Document| {
        let role = document.role_of(user.id()).unwrap_or(Role::Reader);
        document.line(role, rooms::here(&emitter, document.id))
    };
    Ok(now.iter().map(line).collect())
}

async fn newest(documents: &Collection<Document>, user: &User) -> Result<Vec<Document>, lambdio::Error> {
    let found = documents.find(Document::of(user)).sort(doc! { "updated_at": -1 }).limit(MOST).await?;
    Ok(found.try_collect().await?)
}
