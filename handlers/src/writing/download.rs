//! A document as a file.

use crate::{documents::Document, error::DocumentError, rooms, sharing::access::Role, writing::history::History};
use lambdio::{Download, prelude::*};
use std::time::Duration;

/// Asks a page to push what is not stored yet, and to acknowledge then.
#[event(namespace = "/documents", name = "flush", ack = bool)]
pub struct Flush {
    /// The document.
    pub id: Id,
}

/// How long pages may take to push.
const PATIENCE: Duration = Duration::from_secs(2);

/// Lets those pass who may read the document.
#[guard]
async fn may_download(Path(id): Path<Id>, user: User, documents: Collection<Document>) -> Result<(), DocumentError> {
    Document::find(&documents, id, &user).await.map(drop)
}

/// The text as a file, with what others have typed up to now.
#[route(get = "/documents/{id}/text", guard = may_download)]
async fn download(
    Path(id): Path<Id>,
    user: User,
    history: History,
    emitter: Emitter,
) -> Result<Download, DocumentError> {
    // who does not answer in time has nothing in the file that is not stored
    emitter.to(rooms::open_in(id)).emit_with_ack(&Flush { id }).timeout(PATIENCE).await?;
    let (document, _): (_, Role) = Document::find(&history.documents, id, &user).await?;
    let text = history.text(id).await?.text().await?;
    Ok(Download::text(file_name(&document.title), text))
}

/// A title as the name of a file: short, and no path.
fn file_name(title: &str) -> String {
    let name: String = title.replace(['/', '\\'], "-").chars().take(100).collect();
    format!("{name}.txt")
}
