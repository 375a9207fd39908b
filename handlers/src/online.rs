//! Coming and going.

use crate::{
    rooms::{self, ONLINE},
    writing::cursor::CursorMoved,
};
use lambdio::prelude::*;

/// Whoever connects is online, for all to see.
#[connect(namespace = "/documents")]
async fn arrive(presence: Presence) -> Result<(), lambdio::Error> {
    presence.track(ONLINE, &())?;
    Ok(())
}

/// Whoever is gone, however that came, has nothing open any more. Presence knows that already.
#[disconnect(namespace = "/documents")]
async fn depart(socket: Socket, user: User, emitter: Emitter) -> Result<(), lambdio::Error> {
    for id in rooms::opened(&socket.rooms()) {
        emitter.to(rooms::open_in(id)).emit(&CursorMoved::gone(id, &socket, &user))?;
        rooms::tell_here(&emitter, id)?;
    }
    Ok(())
}
