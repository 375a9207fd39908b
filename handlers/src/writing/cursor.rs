//! Where the others are in the text.

use crate::{error::DocumentError, rooms, sharing::access::Person};
use lambdio::prelude::*;

/// What a client sends when its cursor is somewhere else.
#[payload]
pub struct MoveCursor {
    /// The document, which it has open.
    pub id: Id,
    /// Where it is; nowhere where the text has not the focus.
    pub cursor: Option<Cursor>,
}

/// A cursor, or a selection.
#[payload]
pub struct Cursor {
    /// Where the selection begins: a relative position of Yjs as JSON, at most 200 bytes.
    pub anchor: String,
    /// Where it ends.
    pub head: String,
}

/// Sent to everybody else who has the document open.
#[event(namespace = "/documents", name = "cursor_moved")]
pub struct CursorMoved {
    /// The document.
    pub id: Id,
    /// Whose of several tabs of one user it is.
    pub socket: String,
    /// Whose it is.
    pub user: Person,
    /// Where it is, if it is anywhere.
    pub cursor: Option<Cursor>,
}

impl CursorMoved {
    /// The cursor of a tab that is gone.
    #[must_use]
    pub fn gone(id: Id, socket: &Socket, user: &User) -> Self {
        Self { id, socket: socket.id().to_string(), user: user.into(), cursor: None }
    }
}

/// Longest position, in bytes.
const LONGEST: usize = 200;

/// Shows the caller's cursor to everybody else who has the document open. One whose positions are too long is shown as none.
#[handler(namespace = "/documents", event = "cursor", max_payload_size = "1KiB")]
async fn cursor(
    Data(MoveCursor { id, cursor }): Data<MoveCursor>,
    user: User,
    socket: Socket,
) -> Result<(), DocumentError> {
    let room = rooms::open_in(id);
    if !socket.is_in(&room) {
        return Err(DocumentError::NotFound);
    }
    let cursor = cursor.filter(|Cursor { anchor, head }| anchor.len() <= LONGEST && head.len() <= LONGEST);
    socket.to(room).emit(&CursorMoved { cursor, ..CursorMoved::gone(id, &socket, &user) })?;
    Ok(())
}
