//! Presence in a namespace, from outside.

use super::{PresenceEntry, PresenceError, hooks::tell, roster::Place};
use crate::emit::{Recipients, Room, Sender};
use serde::de::DeserializeOwned;

/// Who is present in a namespace, seen from a route, a background task or another namespace:
/// [`Emitter::presence`](crate::Emitter::presence).
#[derive(Debug, Clone)]
pub struct NamespacePresence {
    sender: Sender,
    namespace: String,
}

impl NamespacePresence {
    pub(crate) fn new(sender: Sender, namespace: &str) -> Self {
        Self { sender, namespace: namespace.to_owned() }
    }

    /// Everybody who is present in the room, sorted by name and id. A room that nobody knows is empty.
    #[must_use]
    pub fn list(&self, room: impl AsRef<str>) -> Vec<PresenceEntry> {
        let place = Place::new(&self.namespace, room.as_ref());
        self.sender.presence().list(&place).into_iter().map(PresenceEntry::opened).collect()
    }

    /// The same, with the meta as a type.
    ///
    /// # Errors
    /// [`PresenceError::Meta`] when a meta is not of this type.
    pub fn list_as<M: DeserializeOwned>(&self, room: impl AsRef<str>) -> Result<Vec<PresenceEntry<M>>, PresenceError> {
        let place = Place::new(&self.namespace, room.as_ref());
        self.sender.presence().list(&place).into_iter().map(PresenceEntry::decoded).collect()
    }

    /// The room is no more: nobody is present in it, and everybody has left it, tracked or not. They hear an empty
    /// `presence_list`. Who tracks from then on is in it as in a new room.
    pub fn forget(&self, room: impl AsRef<str>) {
        let room = room.as_ref();
        let place = Place::new(&self.namespace, room);
        self.sender.presence().clear(&place, |place, notice| tell(&self.sender, place, notice));
        for socket in Recipients::all(&self.sender).to(room).sockets(&self.namespace) {
            let connection = socket.connection();
            // who is gone has left; who has tracked meanwhile stays
            let _ = connection.while_here(|here| {
                if !self.sender.presence().is_present(&place, &connection.id) {
                    here.leave(&[Room::from(room.to_owned())]);
                }
            });
        }
    }
}
