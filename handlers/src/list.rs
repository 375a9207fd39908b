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
    let newest = documents
        .clone_with_type::<Summary>()
        .find(doc! {})
        .projection(doc! { "text": 0 })
        .sort(doc! { "created_at": -1, "_id": -1 })
        .limit(MOST)
        .await?;
    Ok(newest.try_collect().await?)
}
