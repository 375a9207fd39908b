//! What can be done with a client only while it is there.

use super::{Connection, JoinError};
use crate::{
    emit::{Room, rooms},
    presence,
    transport::RawSocket,
};
use std::sync::atomic::Ordering;

/// A client that is there, and does not go while this is held.
pub(crate) struct Here<'a> {
    connection: &'a Connection,
    raw: &'a RawSocket,
}

impl<'a> Here<'a> {
    /// The caller holds the membership lock.
    pub(super) fn new(connection: &'a Connection, raw: &'a RawSocket) -> Self {
        Self { connection, raw }
    }

    /// Whether CONNECT is answered.
    pub fn is_let_in(&self) -> bool {
        self.raw.connected()
    }

    /// Whether it has joined the room.
    pub(super) fn is_in(&self, room: &Room) -> bool {
        self.raw.rooms().contains(room)
    }

    /// Joins rooms, or none of them where they are too many.
    pub fn join(&self, rooms: Vec<Room>) -> Result<(), JoinError> {
        let most = self.connection.namespace.app.settings().socketio.max_rooms;
        let known = self.raw.rooms();
        let new = rooms.iter().filter(|room| !known.contains(room)).count();
        if rooms::public_rooms(known).len() + new > most {
            return Err(JoinError::TooMany(most));
        }
        self.raw.join(rooms);
        Ok(())
    }

    /// Joins the room of its own, by which the transport finds this socket.
    pub fn take_own_room(&self) {
        if !self.connection.own_room.load(Ordering::SeqCst) {
            self.raw.join(rooms::of_socket(&self.connection.id));
            self.connection.own_room.store(true, Ordering::SeqCst);
        }
    }

    /// Leaves rooms, and is no longer present in them.
    pub fn leave(&self, rooms: &[Room]) {
        self.raw.leave(rooms.to_vec());
        presence::left(self.connection, rooms);
    }
}
