//! Who is present in one room.

use super::{PresenceEntry, meta::Meta};
use crate::{auth::User, socket::SocketId};
use std::collections::HashMap;

/// A socket, and who is logged in on it.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub socket: SocketId,
    pub user: Option<User>,
}

/// Who is present in one room: each user with their sockets, the one tracked last at the end. None of the lists is empty.
#[derive(Debug, Default)]
pub(super) struct Members(HashMap<Key, Vec<Tracked>>);

/// What makes an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    User(String),
    Socket(SocketId),
}

#[derive(Debug)]
struct Tracked {
    who: Who,
    meta: Meta,
}

/// How an entry has changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    Joined(PresenceEntry<Meta>),
    Changed(PresenceEntry<Meta>),
    Left(PresenceEntry<Meta>),
}

impl Members {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everybody, sorted.
    pub fn list(&self) -> Vec<PresenceEntry<Meta>> {
        let mut list: Vec<_> = self.0.values().filter_map(|sockets| entry(sockets)).collect();
        list.sort_by(|one, other| one.order().cmp(&other.order()));
        list
    }

    /// A socket is present with this meta. Also says whether it is new here.
    pub fn track(&mut self, who: Who, meta: Meta) -> (Change, bool) {
        let sockets = self.0.entry(Key::of(&who)).or_default();
        let before = entry(sockets);
        let count = sockets.len();
        sockets.retain(|tracked| tracked.who.socket != who.socket);
        let is_new = sockets.len() == count;
        sockets.push(Tracked { who, meta });
        (Change::between(before, entry(sockets)), is_new)
    }

    /// A socket is no longer present. One that was not changes nothing.
    pub fn untrack(&mut self, who: &Who) -> Change {
        let key = Key::of(who);
        let Some(sockets) = self.0.get_mut(&key) else { return Change::Nothing };
        let before = entry(sockets);
        sockets.retain(|tracked| tracked.who.socket != who.socket);
        let after = entry(sockets);
        if after.is_none() {
            self.0.remove(&key);
        }
        Change::between(before, after)
    }

    /// Nobody is present any more. Gives the sockets that were.
    pub fn clear(&mut self) -> Vec<SocketId> {
        self.0.drain().flat_map(|(_, sockets)| sockets).map(|tracked| tracked.who.socket).collect()
    }
}

impl Key {
    fn of(who: &Who) -> Self {
        match &who.user {
            Some(user) => Self::User(user.id().to_owned()),
            None => Self::Socket(who.socket.clone()),
        }
    }
}

impl Change {
    fn between(before: Option<PresenceEntry<Meta>>, after: Option<PresenceEntry<Meta>>) -> Self {
        match (before, after) {
            (None, Some(after)) => Self::Joined(after),
            (Some(before), None) => Self::Left(before),
            (Some(before), Some(after)) if before != after => Self::Changed(after),
            _ => Self::Nothing,
        }
    }
}

/// The entry of one user: as the socket says that was tracked last.
fn entry(sockets: &[Tracked]) -> Option<PresenceEntry<Meta>> {
    let Tracked { who, meta } = sockets.last()?;
    let (id, name) = match &who.user {
        Some(user) => (user.id(), Some(user.name().to_owned())),
        None => (who.socket.as_str(), None),
    };
    Some(PresenceEntry { id: id.to_owned(), name, sockets: sockets.len(), meta: meta.clone() })
}
