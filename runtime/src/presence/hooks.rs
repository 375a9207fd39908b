//! Where the rest of the runtime meets presence: telling clients, and what ends presence by itself.

use super::{
    PresenceChanged, PresenceJoined, PresenceLeft, PresenceList, events,
    members::Who,
    roster::{Notice, Place},
};
use crate::{
    emit::{Recipients, Room, Sender},
    socket::{Connection, SocketId},
    transport::DisconnectReason,
    wire::Single,
};
use serde::Serialize;

impl Who {
    pub(super) fn of(connection: &Connection) -> Self {
        Self { socket: connection.id.clone(), user: connection.user.clone() }
    }
}

/// A client is gone. Called in the same step as it leaves its rooms.
pub(crate) fn departed(connection: &Connection, reason: DisconnectReason) {
    let sender = connection.namespace.sender();
    let who = Who::of(connection);
    if reason == DisconnectReason::ServerShuttingDown {
        // everybody goes: telling each of each would be long, and nobody needs it
        sender.presence().depart(&who, |_, _| {});
    } else {
        sender.presence().depart(&who, |place, notice| tell(sender, place, notice));
    }
}

/// A client has left rooms. Called in the same step.
pub(crate) fn left(connection: &Connection, rooms: &[Room]) {
    let sender = connection.namespace.sender();
    let who = Who::of(connection);
    for room in rooms {
        let place = Place::new(connection.namespace.path(), room);
        sender.presence().untrack(&place, &who, |place, notice| tell(sender, place, notice));
    }
}

/// Sends what has to be heard of a change.
pub(super) fn tell(sender: &Sender, place: &Place, notice: Notice) {
    let everybody = || Recipients::all(sender).to(&place.room);
    let but = |socket: Option<SocketId>| match socket {
        Some(socket) => everybody().except_socket(&socket),
        None => everybody(),
    };
    let room = place.room.clone();
    match notice {
        Notice::List(socket, entries) => {
            let recipients = Recipients::all(sender).to_socket(&socket);
            send(recipients, place, events::LIST, &PresenceList { room, entries });
        }
        Notice::Joined(entry, newcomer) => {
            send(but(Some(newcomer)), place, events::JOINED, &PresenceJoined { room, entry });
        }
        Notice::Changed(entry, newcomer) => {
            send(but(newcomer), place, events::CHANGED, &PresenceChanged { room, entry });
        }
        Notice::Left(entry) => send(everybody(), place, events::LEFT, &PresenceLeft { room, entry }),
        Notice::Cleared => {
            send(everybody(), place, events::LIST, &PresenceList::<()> { room, entries: Vec::new() });
        }
    }
}

fn send(recipients: Recipients, place: &Place, event: &'static str, payload: &impl Serialize) {
    if let Err(error) = recipients.emit_own(&place.namespace, event, &Single(payload)) {
        tracing::error!(event, namespace = place.namespace, %error, "nobody heard of a change of presence");
    }
}
