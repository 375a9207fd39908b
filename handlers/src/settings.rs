//! What an operator may set: `[app.documents]`.

use lambdio::{Startup, config::ByteSize, prelude::*};

/// `[app.documents]`. Handlers take it as `Provided<Settings>`.
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

/// Reads them, once at start.
///
/// # Errors
/// Every unknown key and wrong type, with file and line; a `max_document_size` beyond 8 MiB.
pub async fn read(startup: &Startup) -> Result<Settings, lambdio::Error> {
    let settings: Settings = startup.config("documents")?;
    if settings.max_document_size > LARGEST {
        let most = settings.max_document_size;
        return Err(
            std::io::Error::other(format!("app.documents.max_document_size is {most}, and at most {LARGEST}")).into()
        );
    }
    Ok(settings)
}
