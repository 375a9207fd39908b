//! The list of documents.

use crate::{
    documents::{Document, Line},
    rooms,
    sharing::access::Role,
};
use lambdio::{
    mongo::{TryStreamExt, bson::doc},
    prelude::*,
};

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
    socket.leave(rooms::listed(socket.rooms()));
    // first into the rooms, then what is told: a change in between is heard twice rather than never
    let rooms = rooms_of(&newest(&documents, &user).await?);
    socket.join(rooms.clone())?;
    let now = newest(&documents, &user).await?;
    let shown = rooms_of(&now);
    socket.leave(rooms.into_iter().filter(|room| !shown.contains(room)).collect::<Vec<_>>());
    let line = |document: &Document| {
        let role = document.role_of(user.id()).unwrap_or(Role::Reader);
        document.line(role, rooms::here(&emitter, document.id))
    };
    Ok(now.iter().map(line).collect())
}

fn rooms_of(documents: &[Document]) -> Vec<String> {
    documents.iter().map(|document| rooms::listed_by(document.id)).collect()
}

async fn newest(documents: &Collection<Document>, user: &User) -> Result<Vec<Document>, lambdio::Error> {
    let found = documents.find(Document::of(user)).sort(doc! { "updated_at": -1 }).limit(MOST).await?;
    Ok(found.try_collect().await?)
}
