//! Who is present where.

use super::{
    MAX_ROOMS, PresenceEntry,
    members::{Change, Members, Who},
    meta::Meta,
};
use crate::socket::SocketId;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Who is present where. Everything else of this module only asks it and passes on what it tells.
///
/// Each change calls `tell` with what has to be heard of it, under the room's lock: `tell` must be quick, and must not
/// use the roster.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    /// One lock a room, so that rooms do not wait for each other. A room is here while somebody is present or something
    /// happens in it: who takes it out gives it back in `in_room`.
    rooms: Mutex<HashMap<Arc<Place>, Arc<Mutex<Members>>>>,
    /// Where each socket is present.
    sockets: Mutex<HashMap<SocketId, HashSet<Arc<Place>>>>,
}

/// A room of a namespace.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub namespace: String,
    pub room: String,
}

/// What has to be heard of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notice {
    /// By this socket: who is present.
    List(SocketId, Vec<PresenceEntry<Meta>>),
    /// By everybody in the room but this socket.
    Joined(PresenceEntry<Meta>, SocketId),
    /// By everybody in the room, but this socket.
    Changed(PresenceEntry<Meta>, Option<SocketId>),
    /// By everybody in the room.
    Left(PresenceEntry<Meta>),
    /// By everybody in the room: nobody is present any more.
    Cleared,
}

impl Place {
    pub fn new(namespace: &str, room: &str) -> Arc<Self> {
        Arc::new(Self { namespace: namespace.to_owned(), room: room.to_owned() })
    }
}

impl Roster {
    /// Whether a socket may be tracked in one more room, or is in this one already.
    pub fn admits(&self, place: &Place, socket: &SocketId) -> bool {
        let sockets = lock(&self.sockets);
        sockets.get(socket).is_none_or(|places| places.len() < MAX_ROOMS || places.contains(place))
    }

    /// A socket is present in a room from now on, with this meta. Gives everybody who is.
    pub fn track(
        &self,
        place: &Arc<Place>,
        who: Who,
        meta: Meta,
        tell: impl Fn(&Place, Notice),
    ) -> Vec<PresenceEntry<Meta>> {
        self.in_room(place, |members| {
            let socket = who.socket.clone();
            let (change, is_new) = members.track(who, meta);
            lock(&self.sockets).entry(socket.clone()).or_default().insert(place.clone());
            let list = members.list();
            if is_new {
                tell(place, Notice::List(socket.clone(), list.clone()));
            }
            match change {
                Change::Joined(entry) => tell(place, Notice::Joined(entry, socket)),
                Change::Changed(entry) => tell(place, Notice::Changed(entry, is_new.then_some(socket))),
                Change::Left(_) | Change::Nothing => {}
            }
            list
        })
    }

    /// A socket is no longer present in a room. One that was not changes nothing.
    pub fn untrack(&self, place: &Arc<Place>, who: &Who, tell: impl Fn(&Place, Notice)) {
        if self.forget(&who.socket, place) {
            self.remove(place, who, tell);
        }
    }

    /// A socket is no longer present anywhere.
    pub fn depart(&self, who: &Who, tell: impl Fn(&Place, Notice)) {
        let places = lock(&self.sockets).remove(&who.socket);
        for place in places.into_iter().flatten() {
            self.remove(&place, who, &tell);
        }
    }

    /// Nobody is present in a room any more.
    pub fn clear(&self, place: &Arc<Place>, tell: impl Fn(&Place, Notice)) {
        self.in_room(place, |members| {
            for socket in members.clear() {
                self.forget(&socket, place);
            }
            tell(place, Notice::Cleared);
        });
    }

    /// Whether a socket is present in a room.
    pub fn is_present(&self, place: &Place, socket: &SocketId) -> bool {
        lock(&self.sockets).get(socket).is_some_and(|places| places.contains(place))
    }

    /// Everybody who is present in a room, sorted.
    pub fn list(&self, place: &Arc<Place>) -> Vec<PresenceEntry<Meta>> {
        self.in_room(place, |members| members.list())
    }

    fn remove(&self, place: &Arc<Place>, who: &Who, tell: impl Fn(&Place, Notice)) {
        self.in_room(place, |members| match members.untrack(who) {
            Change::Left(entry) => tell(place, Notice::Left(entry)),
            Change::Changed(entry) => tell(place, Notice::Changed(entry, None)),
            Change::Joined(_) | Change::Nothing => {}
        });
    }

    /// Takes a place off a socket's list; whether it was there.
    fn forget(&self, socket: &SocketId, place: &Place) -> bool {
        let mut sockets = lock(&self.sockets);
        let Some(places) = sockets.get_mut(socket) else { return false };
        let was_there = places.remove(place);
        if places.is_empty() {
            sockets.remove(socket);
        }
        was_there
    }

    /// Does something in a room that nobody else changes meanwhile. An empty room is gone afterwards.
    fn in_room<T>(&self, place: &Arc<Place>, act: impl FnOnce(&mut Members) -> T) -> T {
        let room = lock(&self.rooms).entry(place.clone()).or_default().clone();
        let done = act(&mut lock(&room));
        let mut rooms = lock(&self.rooms);
        // the last one to give an empty room back finds no other user of it: both happen under the lock of `rooms`
        drop(room);
        if let Some(room) = rooms.get_mut(place).and_then(Arc::get_mut)
            && room.get_mut().unwrap_or_else(PoisonError::into_inner).is_empty()
        {
            rooms.remove(place);
        }
        done
    }

    /// How many rooms and sockets are kept.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        (lock(&self.rooms).len(), lock(&self.sockets).len())
    }
}

/// What a panic leaves behind is whole: nothing here panics between two halves of a change.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
