//! What an operator may set: `[app.documents]`. Handlers take it as `Provided<Live<Settings>>`: a reload changes it.

use lambdio::{
    config::{ByteSize, Mistake},
    prelude::*,
};

/// How large things may become in "Documents", and whether they may change.
#[payload]
#[serde(default)]
pub struct Settings {
    /// Whether documents can only be read for now.
    pub read_only: bool,
    /// The most that is stored of one document, its history included. At most 8 MiB.
    pub max_document_size: ByteSize,
    /// How many people may have access to one document, its owner not counted.
    pub max_people: usize,
    /// How many documents one person may own.
    pub max_documents: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { read_only: false, max_document_size: ByteSize::mib(4), max_people: 100, max_documents: 500 }
    }
}

/// The largest `max_document_size`: a document goes to its pages in one packet, and into the database in one piece.
const LARGEST: ByteSize = ByteSize::mib(8);

/// What is wrong with them: a `max_document_size` beyond 8 MiB.
#[must_use]
pub fn check(settings: &Settings) -> Vec<Mistake> {
    let most = settings.max_document_size;
    let too_large = Mistake::at("max_document_size", format!("{most} is more than {LARGEST}"));
    if most > LARGEST { vec![too_large] } else { Vec::new() }
}
