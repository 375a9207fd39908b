//! Engine.IO sessions: what waits for each client, and how it is ended.
//!
//! The transport neither says how much waits for a client nor offers a way to end its connection. Both are had here: what
//! is handed over is counted, what left on the wire is counted by the connection's [`Link`], and the difference waits.

use super::{DisconnectReason, Head, Link, RawSocket};
use crate::{socket::Connection, wire::PacketSize};
use socketioxide::{TransportType, socket::Sid};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// The Engine.IO sessions with a client in some namespace.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    sessions: HashMap<Sid, Weak<Session>>,
    /// Websockets that polling sessions moved to, also before their first CONNECT.
    links: HashMap<Sid, Arc<Link>>,
}

/// One Engine.IO session, shared by its sockets in all namespaces.
#[derive(Debug)]
pub(crate) struct Session {
    sid: Sid,
    table: Arc<Sessions>,
    /// Bytes that were handed to the transport, as they will be on the wire.
    queued: AtomicU64,
    /// Bytes that went out in answers to polls, and over earlier websockets.
    elsewhere: AtomicU64,
    /// The websocket in use.
    link: Mutex<Option<Arc<Link>>>,
    connections: Mutex<Vec<Weak<Connection>>>,
    /// Why the server ended the connection, if it did.
    ended: OnceLock<DisconnectReason>,
    end: Notify,
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
        let session = Arc::new(Session {
            sid: raw.id,
            table: self.clone(),
            queued: AtomicU64::new(0),
            elsewhere: AtomicU64::new(0),
            link: Mutex::new(link),
            connections: Mutex::default(),
            ended: OnceLock::new(),
            end: Notify::new(),
        });
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
        // none of them may end under the lock, as its end takes it
        let sessions: Vec<_> = self.lock().sessions.values().filter_map(Weak::upgrade).collect();
        sessions.iter().map(|session| session.unsent()).sum()
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

impl Session {
    /// Counts what is about to be handed to the transport. `false` where too much waits already; nothing is counted then.
    ///
    /// One packet that is larger than `most` alone still passes when nothing waits.
    #[must_use]
    pub fn charge(&self, packet: &PacketSize, most: u64) -> bool {
        if self.is_ended() {
            return false;
        }
        let (link_written, is_websocket) = match &*self.link() {
            Some(link) => (link.written(), true),
            None => (0, false),
        };
        let written = self.elsewhere.load(Ordering::Relaxed).saturating_add(link_written);
        // pings, headers and the like were written, but not counted before: nothing waits then
        let before = self.queued.fetch_max(written, Ordering::Relaxed).max(written);
        let waiting = before - written;
        let bytes = packet.on_wire(is_websocket);
        if waiting > 0 && waiting.saturating_add(bytes) > most {
            return false;
        }
        self.queued.fetch_add(bytes, Ordering::Relaxed);
        true
    }

    /// How many bytes wait to be sent.
    pub fn unsent(&self) -> u64 {
        let link_written = self.link().as_ref().map_or(0, |link| link.written());
        let written = self.elsewhere.load(Ordering::Relaxed).saturating_add(link_written);
        self.queued.load(Ordering::Relaxed).saturating_sub(written)
    }

    /// Counts what went out in the answer to a poll.
    pub fn polled(&self, bytes: u64) {
        self.elsewhere.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A socket of this session entered a namespace.
    pub fn add(&self, connection: &Arc<Connection>) {
        let mut connections = self.connections();
        connections.retain(|known| known.strong_count() > 0);
        connections.push(Arc::downgrade(connection));
    }

    /// The socket that this session had in a namespace before, while something of it still runs.
    pub fn previous(&self, namespace: &str) -> Option<Arc<Connection>> {
        let mut known = self.connections().clone().into_iter().filter_map(|known| known.upgrade());
        known.find(|connection| connection.namespace.path() == namespace && !connection.is_finished())
    }

    /// All sockets of this session.
    pub fn sockets(&self) -> Vec<Arc<Connection>> {
        self.connections().iter().filter_map(Weak::upgrade).collect()
    }

    /// Ends the connection, whatever it waits for: nothing goes out any more. `false` where it was ended before.
    pub fn end(&self, reason: DisconnectReason) -> bool {
        if self.ended.set(reason).is_err() {
            return false;
        }
        self.end.notify_waiters();
        if let Some(link) = &*self.link() {
            link.cut();
        }
        true
    }

    /// Whether the server ended the connection.
    pub fn is_ended(&self) -> bool {
        self.ended.get().is_some()
    }

    /// Why the server ended the connection, if it did.
    pub fn end_reason(&self) -> Option<DisconnectReason> {
        self.ended.get().copied()
    }

    /// Waits until the session is to end.
    pub async fn ended(&self) {
        loop {
            let end = self.end.notified();
            if self.is_ended() {
                return;
            }
            end.await;
        }
    }

    fn set_link(&self, link: &Arc<Link>) {
        if let Some(earlier) = self.link().replace(link.clone()) {
            self.elsewhere.fetch_add(earlier.written(), Ordering::Relaxed);
        }
        if self.is_ended() {
            link.cut();
        }
    }

    fn link(&self) -> MutexGuard<'_, Option<Arc<Link>>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Weak<Connection>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut tables = self.table.lock();
        // a session that came back meanwhile has an entry of its own
        if tables.sessions.get(&self.sid).is_some_and(|known| known.strong_count() == 0) {
            tables.sessions.remove(&self.sid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(link: &Arc<Link>) -> Session {
        Session {
            sid: Sid::ZERO,
            table: Arc::default(),
            queued: AtomicU64::new(0),
            elsewhere: AtomicU64::new(0),
            link: Mutex::new(Some(link.clone())),
            connections: Mutex::default(),
            ended: OnceLock::new(),
            end: Notify::new(),
        }
    }

    fn packet(text: usize) -> PacketSize {
        PacketSize { text, attachments: Vec::new() }
    }

    #[test]
    fn what_was_handed_over_and_not_written_waits() {
        let link = Arc::new(Link::default());
        let session = session(&link);
        assert!(session.charge(&packet(98), 250) && session.charge(&packet(98), 250));
        assert!(!session.charge(&packet(98), 250), "200 bytes wait");
        link.count(100);
        assert!(session.charge(&packet(98), 250), "100 bytes went out");
    }

    #[test]
    fn what_was_not_counted_before_leaves_no_credit() {
        let link = Arc::new(Link::default());
        let session = session(&link);
        link.count(10_000);
        assert!(session.charge(&packet(98), 150));
        assert!(!session.charge(&packet(98), 150));
    }

    #[test]
    fn one_large_packet_passes_when_nothing_waits() {
        let link = Arc::new(Link::default());
        let session = session(&link);
        assert!(session.charge(&packet(1000), 150));
        assert!(!session.charge(&packet(1), 150));
    }
}
