//! Closing a document.

use crate::{documents::Which, rooms, writing::cursor::CursorMoved};
use lambdio::prelude::*;

/// Closes a document: the caller hears no more of it, and the others see them go. A lost connection does the same. Closing
/// what is not open changes nothing.
#[handler(namespace = "/documents", event = "close")]
async fn close(
    Data(Which { id }): Data<Which>,
    user: User,
    socket: Socket,
    emitter: Emitter,
) -> Result<(), lambdio::Error> {
    if socket.is_in(rooms::open_in(id)) {
        socket.leave(rooms::open_in(id));
        emitter.to(rooms::open_in(id)).emit(&CursorMoved::gone(id, &socket, &user))?;
        rooms::tell_here(&emitter, id)?;
    }
    Ok(())
}
