//! One Engine.IO session: what waits for its client, and how it is ended.
//!
//! The transport neither says how much waits for a client nor offers a way to end its connection. Both are had here: what
//! is handed over is counted, what left on the wire is counted by the connection's [`Link`], and the difference waits.

use super::{DisconnectReason, Link, Sessions, Share};
use crate::{socket::Connection, wire::PacketSize};
use socketioxide::socket::Sid;
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Notify;

/// One Engine.IO session, shared by its sockets in all namespaces.
#[derive(Debug)]
pub(crate) struct Session {
    sid: Sid,
    table: Arc<Sessions>,
    /// Bytes that were handed to the transport, as they will be on the wire.
    queued: AtomicU64,
    /// Bytes that went out in answers to polls, and over earlier websockets.
    elsewhere: AtomicU64,
    /// What this session counts among what waits for all clients.
    pub(super) share: Share,
    /// The websocket in use.
    link: Mutex<Option<Arc<Link>>>,
    connections: Mutex<Vec<Weak<Connection>>>,
    /// Why the server ended the connection, if it did.
    ended: OnceLock<DisconnectReason>,
    end: Notify,
}

impl Session {
    /// A session for which nothing waits yet; `link` is the websocket it is on, if it is on one.
    pub fn new(sid: Sid, table: Arc<Sessions>, link: Option<Arc<Link>>) -> Self {
        Self {
            sid,
            table,
            queued: AtomicU64::new(0),
            elsewhere: AtomicU64::new(0),
            share: Share::default(),
            link: Mutex::new(link),
            connections: Mutex::default(),
            ended: OnceLock::new(),
            end: Notify::new(),
        }
    }

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
        self.table.backlog.note(&self.share, waiting.saturating_add(bytes));
        true
    }

    /// How many bytes wait to be sent. None where the connection was ended: they are thrown away.
    pub fn unsent(&self) -> u64 {
        if self.is_ended() {
            return 0;
        }
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
        self.table.backlog.set(&self.share, 0);
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

    /// The client moved to another websocket.
    pub(super) fn set_link(&self, link: &Arc<Link>) {
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
        self.table.backlog.set(&self.share, 0);
        self.table.forget(self.sid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(link: &Arc<Link>) -> Session {
        Session::new(Sid::ZERO, Arc::default(), Some(link.clone()))
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
