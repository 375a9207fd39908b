//! The benchmark's server on lambdio with a database.

use lambdio::{mongo::bson::doc, prelude::*};

#[payload]
struct Document {
    #[serde(rename = "_id")]
    id: Id,
    text: String,
    revision: i64,
}

impl Stored for Document {
    const COLLECTION: &'static str = "documents";
}

#[payload]
struct Text {
    revision: i64,
    text: String,
}

#[payload]
struct Edit {
    id: Id,
    revision: i64,
    text: String,
}

#[handler(namespace = "/", event = "create")]
async fn create(Data(text): Data<String>, documents: Collection<Document>) -> Result<Id, lambdio::Error> {
    let document = Document { id: Id::new(), text, revision: 0 };
    documents.insert_one(&document).await?;
    Ok(document.id)
}

#[handler(namespace = "/", event = "read")]
async fn read(Data(id): Data<Id>, documents: Collection<Document>) -> Result<Text, lambdio::Error> {
    let found = documents.find_one(doc! { "_id": id }).await?;
    let Document { revision, text, .. } = found.ok_or(Code::NotFound)?;
    Ok(Text { revision, text })
}

/// Changes the text, unless somebody else was faster.
#[handler(namespace = "/", event = "edit")]
async fn edit(
    Data(Edit { id, revision, text }): Data<Edit>,
    documents: Collection<Document>,
) -> Result<bool, lambdio::Error> {
    let change = doc! { "$set": { "text": text }, "$inc": { "revision": 1 } };
    Ok(documents.update_one(doc! { "_id": id, "revision": revision }, change).await?.matched_count == 1)
}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
