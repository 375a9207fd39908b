//! Typing.

use crate::{
    documents::DocumentChanged,
    error::DocumentError,
    rooms::{self, NAMESPACE},
    settings::Settings,
    sharing::access::may_write,
    writing::{history::History, text},
};
use lambdio::{Live, prelude::*};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

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

/// How many updates of one person may be kept that are not whole yet, in all tabs together, and when to try again.
const HALFWAY: usize = 8;
const AGAIN: Duration = Duration::from_secs(1);

/// How long after a change that the lists have heard of they hear of the next one, in milliseconds.
const NEWS: i64 = 1000;

/// Stores an update of a text. Once its last piece is acknowledged it is on disk, and everybody else who has the document open
/// was sent it.
#[handler(namespace = "/documents", event = "push", guard = may_write)]
async fn push(
    Data(Push { id, bytes, more }): Data<Push>,
    user: User,
    socket: Socket,
    history: History,
    settings: Provided<Live<Settings>>,
    emitter: Emitter,
) -> Result<(), DocumentError> {
    if more {
        begin(id, &socket, &user, &emitter)?;
    }
    let so_far = socket.data().update(|pieces: &mut Pieces| pieces.add(id, &bytes, more))?;
    let Some(update) = so_far else { return Ok(()) };
    text::check(&update)?;
    let before = history.add(id, update.clone(), settings.get().max_document_size.bytes()).await?;
    socket.to(rooms::open_in(id)).emit(&Updated { id, update })?;
    let now = Timestamp::now();
    if now.as_millis() - before.updated_at.as_millis() >= NEWS {
        let changed = DocumentChanged { updated_at: now, ..before.changed() };
        emitter.to([rooms::listed_by(id), rooms::open_in(id)]).emit(&changed)?;
    }
    // it is stored, whatever comes of this
    let _ = history.tidy(&before).await;
    Ok(())
}

/// Lets somebody begin an update of several pieces, or go on with it, unless too many of theirs are kept already.
fn begin(id: Id, socket: &Socket, user: &User, emitter: &Emitter) -> Result<(), lambdio::Error> {
    // one after the other, so that those who begin at the same time count each other
    static BEGINNING: Mutex<()> = Mutex::new(());
    let has_begun = |tab: &Socket| tab.data().update(|pieces: &mut Pieces| pieces.of.is_some());
    if has_begun(socket) {
        return Ok(());
    }
    let _one = BEGINNING.lock().unwrap_or_else(PoisonError::into_inner);
    let tabs = emitter.to_user(user.id()).sockets(NAMESPACE);
    if tabs.iter().filter(|tab| has_begun(tab)).count() >= HALFWAY {
        return Err(lambdio::Error::from(Code::Overloaded).with_retry_after(AGAIN));
    }
    socket.data().insert(Pieces { of: Some(id), bytes: Vec::new() });
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
        if more {
            self.bytes.extend_from_slice(piece);
            return Ok(None);
        }
        let mut begun = std::mem::take(self).bytes;
        if begun.is_empty() {
            return Ok(Some(piece.clone()));
        }
        begun.extend_from_slice(piece);
        Ok(Some(begun.into()))
    }
}
