//! Typing.

use crate::{
    documents::DocumentChanged, error::DocumentError, rooms, settings::Settings, sharing::access::may_write,
    writing::history::History, writing::text,
};
use lambdio::prelude::*;

/// What a client sends: an update of the text, or a piece of one that is too large for one event.
#[payload]
pub struct Push {
    /// The document.
    pub id: Id,
    /// The piece; at most 48 KiB fit into an event of 64 KiB at any rate.
    pub bytes: Binary,
    /// Whether further pieces of the same update follow.
    pub more: bool,
}

/// Sent to everybody else who has the document open.
#[event(namespace = "/documents", name = "updated")]
pub struct Updated {
    /// The document.
    pub id: Id,
    /// An update of Yjs, version 1.
    pub update: Binary,
}

/// The pieces that have come so far. They are kept on the socket: a lost connection loses them, and so does opening the
/// document again; the client sends all of them again then.
#[derive(Clone, Default)]
pub struct Pieces {
    of: Option<Id>,
    bytes: Vec<u8>,
}

/// Largest update, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// How long after a change that the lists have heard of they hear of the next one, in milliseconds.
const NEWS: i64 = 1000;

/// Stores an update of a text. Once its last piece is acknowledged it is on disk, and everybody else who has the document open
/// was sent it.
#[handler(namespace = "/documents", event = "push", guard = may_write)]
async fn push(
    Data(Push { id, bytes, more }): Data<Push>,
    socket: Socket,
    history: History,
    settings: Provided<Settings>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    let so_far = socket.data().update(|pieces: &mut Pieces| pieces.add(id, &bytes, more))?;
    let Some(update) = so_far else { return Ok(()) };
    text::check(&update)?;
    let before = history.add(id, update.clone(), settings.max_document_size.bytes()).await?;
    socket.to(rooms::open_in(id)).emit(&Updated { id, update })?;
    let now = Timestamp::now();
    if now.as_millis() - before.updated_at.as_millis() >= NEWS {
        let changed = DocumentChanged { updated_at: now, ..before.changed() };
        emitter.to([rooms::listed_by(id), rooms::open_in(id)]).emit(&changed)?;
    }
    Ok(())
}

impl Pieces {
    /// Adds a piece. Gives the whole update with its last one.
    fn add(&mut self, id: Id, piece: &Binary, more: bool) -> Result<Option<Binary>, DocumentError> {
        // an update of another document, left halfway
        if self.of.replace(id) != Some(id) {
            self.bytes.clear();
        }
        if self.bytes.len() + piece.len() > LARGEST {
            *self = Self::default();
            return Err(DocumentError::UpdateTooLarge { most: LARGEST });
        }
        if self.bytes.is_empty() && !more {
            return Ok(Some(piece.clone()));
        }
        self.bytes.extend_from_slice(piece);
        Ok(if more { None } else { Some(std::mem::take(self).bytes.into()) })
    }
}
