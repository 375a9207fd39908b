//! A program that keeps what it is told in the database, once each: what tests of outages write to.

use lambdio::{
    ReadinessPart,
    mongo::{TryStreamExt, bson::doc},
    prelude::*,
};
use std::collections::BTreeMap;

/// What was written, and how often.
#[payload]
struct Entry {
    #[serde(rename = "_id")]
    id: String,
    writes: i32,
}

impl Stored for Entry {
    const COLLECTION: &'static str = "entries";
}

/// Writes an entry. Were it applied twice, the entry would say so.
#[handler(namespace = "/journal", event = "write", concurrent)]
async fn write(Data(id): Data<String>, entries: Collection<Entry>) -> Result<String, lambdio::Error> {
    let once_more = doc! { "$inc": { "writes": 1 } };
    entries.update_one(doc! { "_id": &id }, once_more).upsert(true).await?;
    Ok(id)
}

/// Everything that was written, and how often.
#[handler(namespace = "/journal", event = "read")]
async fn read(entries: Collection<Entry>) -> Result<BTreeMap<String, i32>, lambdio::Error> {
    let entries: Vec<Entry> = entries.find(doc! {}).await?.try_collect().await?;
    Ok(entries.into_iter().map(|entry| (entry.id, entry.writes)).collect())
}

/// Needs no database.
#[handler(namespace = "/journal", event = "fine")]
async fn fine() -> bool {
    true
}

/// The same over HTTP as `write`.
#[route(post = "/entries")]
async fn post_entry(Data(id): Data<String>, entries: Collection<Entry>) -> Result<String, lambdio::Error> {
    write(Data(id), entries).await
}

/// At one of the addresses of the health endpoints, where these are moved to `/moved`.
#[route(get = "/moved/ready")]
async fn moved() {}

/// A part of the application's own.
struct Mailer {
    readiness: ReadinessPart,
}

/// Says how the mailer is.
#[handler(namespace = "/journal", event = "mailer")]
async fn set_mailer(Data(works): Data<bool>, mailer: Provided<Mailer>) {
    if works { mailer.readiness.ready() } else { mailer.readiness.unavailable() }
}

fn main() -> lambdio::ExitCode {
    let mailer = async |startup: &lambdio::Startup| {
        let mailer = Mailer { readiness: startup.readiness("mailer") };
        mailer.readiness.ready();
        Ok::<_, lambdio::Error>(mailer)
    };
    lambdio::App::new().provide(mailer).run()
}
