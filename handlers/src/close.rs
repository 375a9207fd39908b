//! Closing a document.

use crate::document::{Which, room};
use lambdio::prelude::*;

/// Closes a document: the caller sees no more of it, and the others see them go. A lost connection does the same. Closing
/// what is not open changes nothing.
#[handler(namespace = "/documents", event = "close")]
async fn close(Data(Which { id }): Data<Which>, socket: Socket) {
    socket.leave(room(id));
}
