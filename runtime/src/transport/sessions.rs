//! The Engine.IO sessions: who is there, and which websockets polling clients moved to.

use super::{Backlog, Head, Link, RawSocket, Session};
use socketioxide::{TransportType, socket::Sid};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// The Engine.IO sessions with a client in some namespace.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    tables: Mutex<Tables>,
    /// What waits for all of them.
    pub(super) backlog: Backlog,
}

#[derive(Debug, Default)]
struct Tables {
    sessions: HashMap<Sid, Weak<Session>>,
    /// Websockets that polling sessions moved to, also before their first CONNECT.
    links: HashMap<Sid, Arc<Link>>,
}

/// Forgets the websocket of a session when the websocket is gone.
#[derive(Debug)]
pub(crate) struct Moved {
    sid: Sid,
    link: Weak<Link>,
    table: Arc<Sessions>,
}

impl Sessions {
    /// The session of a socket.
    pub fn of(self: &Arc<Self>, raw: &RawSocket) -> Arc<Session> {
        let mut tables = self.lock();
        if let Some(session) = tables.sessions.get(&raw.id).and_then(Weak::upgrade) {
            return session;
        }
        let direct = || Head::of(raw.req_parts()).map(|head| head.link().clone());
        let moved = tables.links.get(&raw.id).cloned();
        let link = moved.or_else(|| (raw.transport_type() == TransportType::Websocket).then(direct).flatten());
        let session = Arc::new(Session::new(raw.id, self.clone(), link));
        tables.sessions.insert(raw.id, Arc::downgrade(&session));
        session
    }

    /// The session with this id, if it is in some namespace.
    pub fn find(&self, sid: Sid) -> Option<Arc<Session>> {
        self.lock().sessions.get(&sid).and_then(Weak::upgrade)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.lock().sessions.len()
    }

    /// How many bytes wait to be sent, to all clients.
    pub fn unsent(&self) -> u64 {
        self.all().iter().map(|session| session.unsent()).sum()
    }

    /// All that are there.
    pub(super) fn all(&self) -> Vec<Arc<Session>> {
        // none of them may end under the lock, as its end takes it
        self.lock().sessions.values().filter_map(Weak::upgrade).collect()
    }

    /// A session has ended.
    pub(super) fn forget(&self, sid: Sid) {
        let mut tables = self.lock();
        // a session that came back meanwhile has an entry of its own
        if tables.sessions.get(&sid).is_some_and(|known| known.strong_count() == 0) {
            tables.sessions.remove(&sid);
        }
    }

    /// A polling session moves to a websocket.
    pub fn move_to(self: &Arc<Self>, sid: Sid, link: &Arc<Link>) {
        link.carries(Moved { sid, link: Arc::downgrade(link), table: self.clone() });
        let session = {
            let mut tables = self.lock();
            tables.links.insert(sid, link.clone());
            tables.sessions.get(&sid).and_then(Weak::upgrade)
        };
        if let Some(session) = session {
            session.set_link(link);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Moved {
    fn drop(&mut self) {
        let mut tables = self.table.lock();
        // a later websocket of the same session stays
        if tables.links.get(&self.sid).is_some_and(|known| Arc::as_ptr(known) == self.link.as_ptr()) {
            tables.links.remove(&self.sid);
        }
    }
}
