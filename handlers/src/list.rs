//! The list of documents.

use crate::document::{Document, Summary};
use lambdio::{
    mongo::{TryStreamExt, bson::doc},
    prelude::*,
};

/// Longest list.
const MOST: i64 = 500;

/// Every document, newest first.
#[handler(namespace = "/documents", event = "list")]
async fn list(documents: Collection<Document>) -> Result<Vec<Summary>, lambdio::Error> {
    let newest = documents.find(doc! {}).sort(doc! { "created_at": -1, "_id": -1 }).limit(MOST).await?;
    Ok(newest.map_ok(|document| document.summary()).try_collect().await?)
}
