//! Opening a document.

use crate::{
    documents::Document,
    error::DocumentError,
    rooms,
    sharing::access::{Person, Role, may_read},
    writing::history::History,
    writing::push::Pieces,
};
use lambdio::prelude::*;

/// What a client sends to open a document.
#[payload]
pub struct Open {
    /// The document.
    pub id: Id,
    /// What the client has of the text already: a state vector of Yjs.
    pub vector: Binary,
}

/// What a client gets that has opened a document. Who else has it open comes as `presence_list`.
#[payload]
pub struct Opened {
    /// The title.
    pub title: String,
    /// What the client may do.
    pub role: Role,
    /// Who made the document.
    pub owner: Person,
    /// What the client lacks of the text: an update of Yjs, version 1.
    pub update: Binary,
    /// What the server has of the text: the client pushes what is missing here.
    pub vector: Binary,
}

/// Opens a document: from now on the caller hears of its edits, and who is there. Opening it again, after a lost connection,
/// brings both sides to the same text.
#[handler(namespace = "/documents", event = "open", guard = may_read)]
async fn open(
    Data(Open { id, vector }): Data<Open>,
    user: User,
    socket: Socket,
    presence: Presence,
    history: History,
    emitter: Emitter,
) -> Result<Opened, DocumentError> {
    // first into the room, then the text and the access: what changes in between is heard twice rather than never
    presence.track(rooms::open_in(id), &())?;
    let entry = Entry { to: Some(id), socket: &socket, emitter: &emitter };
    // what was begun before is sent again as a whole
    socket.data().remove::<Pieces>();
    let opened = read(id, &vector, &user, &history).await?;
    entry.stay();
    rooms::tell_here(&emitter, id)?;
    Ok(opened)
}

/// Being in a room that one may turn out to have no access to. It ends with this, also where the deadline passes first.
struct Entry<'a> {
    to: Option<Id>,
    socket: &'a Socket,
    emitter: &'a Emitter,
}

impl Entry<'_> {
    fn stay(mut self) {
        self.to = None;
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.to {
            self.socket.leave(rooms::open_in(id));
            // nothing that it tells can fail to be encoded
            let _ = rooms::tell_here(self.emitter, id);
        }
    }
}

async fn read(id: Id, vector: &[u8], user: &User, history: &History) -> Result<Opened, DocumentError> {
    let text = history.text(id).await?;
    let (document, role) = Document::find(&history.documents, id, user).await?;
    let Document { title, owner, .. } = document;
    Ok(Opened { title, role, owner, update: text.since(vector)?, vector: text.vector()? })
}
