//! A real `mongod`, fetched into the user's cache where there is none.

mod lifecycle;
mod recovery;

use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};
use mongodb::{Client, Collection};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

use super::{Embedded, EmbeddedError, EmbeddedOptions, data_dir, launch, locate, orphan};

async fn start(dir: &TempDir) -> Embedded {
    Embedded::start(EmbeddedOptions::new(dir.path().join("data"))).await.unwrap()
}

fn notes(embedded: &Embedded) -> Collection<Document> {
    client(embedded).database("app").collection("notes")
}

fn client(embedded: &Embedded) -> Client {
    Client::with_options(embedded.client_options()).unwrap()
}

fn process(embedded: &Embedded) -> Pid {
    Pid::from_raw(embedded.pid().unwrap().cast_signed()).unwrap()
}

async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !condition().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
