//! People who write in one document, over networks that fail.

use super::{Report, writer::Writer};
use crate::{Client, Proxy, Server, World, failure::fail, npm_packages, root};
use fastrand::Rng;
use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc, oid::ObjectId};
use serde_json::{Value, json};
use std::{ops::RangeInclusive, panic::Location, time::Duration};
use tokio::time::{Instant, sleep};
use yrs::{Doc, GetString, Transact, Update, updates::decoder::Decode};

/// What happens in one document.
const STEPS: usize = 60;

/// The longest time between two steps.
const PAUSE: Duration = Duration::from_millis(30);

/// Three people write at random in the reference application, each over a proxy that is cut and mended at random, and load
/// their pages again now and then. In the end they have one text, and the one in the database is theirs. Once for each seed,
/// in a document of its own.
#[track_caller]
pub fn convergence(world: &World, seeds: RangeInclusive<u64>) -> impl Future<Output = Report> {
    let place = Location::caller();
    async move {
        npm_packages(&root().join("handlers/web"));
        let program = world.documents().set("handlers.\"/documents\".push.rate_limit.per_socket=10000/s");
        let server = program.set("handlers.\"/documents\".open.rate_limit.per_user=1000/s").await;
        let mut people = Vec::new();
        for name in ["Ada", "Grace", "Eve"] {
            people.push(server.registered(name).await.0);
        }
        let (mut report, start, mut letters, mut cuts) = (Report::default(), Instant::now(), 0, 0);
        let runs = seeds.clone().count();
        for seed in seeds {
            let outcome = one(world, &server, &people, seed).await;
            let outcome = outcome.unwrap_or_else(|error| fail(place, format!("seed {seed}: {error}")));
            letters += outcome.letters;
            cuts += outcome.cuts;
        }
        let passed = start.elapsed().as_secs_f32();
        report.line(format!("{runs} documents, {letters} characters at the end, {cuts} cuts, {passed:.1} s"));
        report
    }
}

struct Outcome {
    letters: usize,
    cuts: usize,
}

async fn one(world: &World, server: &Server, people: &[Client], seed: u64) -> Result<Outcome, String> {
    let mut draw = Rng::with_seed(seed);
    let document = shared(people, seed).await;
    let mut writers = Vec::new();
    for client in people {
        writers.push(Writer::begin(client, Proxy::to(server.address()).await, &document, draw.u64(..1 << 53)).await?);
    }
    let mut cuts = 0;
    for _ in 0..STEPS {
        let chosen = draw.usize(..writers.len());
        let writer = &mut writers[chosen];
        match draw.u32(..12) {
            0..3 => {
                writer.turn().await;
                cuts += usize::from(writer.is_cut);
            }
            3 => writer.reload().await?,
            _ => writer.write(draw.usize(1..=6)).await?,
        }
        sleep(PAUSE.mul_f32(draw.f32())).await;
    }
    for writer in &mut writers {
        if writer.is_cut {
            writer.turn().await;
        }
    }
    for writer in &writers {
        writer.flush().await?;
    }
    let text = agreed(&writers).await?;
    let stored = stored(world, &document).await.map_err(|error| error.to_string())?;
    if stored != text {
        return Err(format!("they have {text:?}, and the database {stored:?}"));
    }
    for writer in writers {
        writer.end().await?;
    }
    Ok(Outcome { letters: text.chars().count(), cuts })
}

/// A document of the first that the others may write.
async fn shared(people: &[Client], seed: u64) -> Value {
    let [owner, others @ ..] = people else { panic!("there is somebody") };
    let owner = owner.connect("/documents").await;
    let id = owner.ask("create", json!([{ "title": format!("Seed {seed}") }])).await["id"].clone();
    let link = owner.ask("link", json!([{ "id": id, "role": "editor" }])).await["link"].clone();
    for other in others {
        let socket = other.connect("/documents").await;
        socket.ask("join", json!([{ "id": id, "key": link["key"] }])).await;
        socket.close().await;
    }
    owner.close().await;
    id
}

/// The text that all have, once they have one.
async fn agreed(writers: &[Writer]) -> Result<String, String> {
    let patience = Instant::now() + crate::PATIENCE;
    loop {
        let mut texts = Vec::new();
        for writer in writers {
            texts.push(writer.text().await?);
        }
        if texts.iter().all(|text| *text == texts[0]) {
            return Ok(texts.swap_remove(0));
        }
        if Instant::now() > patience {
            return Err(format!("they differ: {texts:#?}"));
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// The text that the updates in the database make.
async fn stored(world: &World, document: &Value) -> Result<String, Box<dyn std::error::Error>> {
    let id = ObjectId::parse_str(document.as_str().unwrap_or_default())?;
    let updates = world.database().await.handle.collection::<Document>("document_updates");
    let log: Vec<Document> = updates.find(doc! { "document": id }).await?.try_collect().await?;
    let doc = Doc::new();
    let text = doc.get_or_insert_text("text");
    for entry in log {
        doc.transact_mut().apply_update(Update::decode_v1(entry.get_binary_generic("bytes")?)?)?;
    }
    Ok(text.get_string(&doc.transact()))
}
