//! What the runtime keeps for a socket.

use super::{Disconnected, SocketData};
use crate::{
    auth::User,
    dispatch::{self, Job, Queue},
    emit::{Room, rooms},
    extract::Handshake,
    presence,
    socket::SocketId,
    transport::{DisconnectReason, Namespace, RawSocket},
};
use socketioxide::socket::Sid;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Notify;

/// What the runtime keeps for a socket.
pub(crate) struct Connection {
    pub id: SocketId,
    /// The transport's session: a credential, never shown.
    pub sid: Sid,
    pub namespace: Arc<Namespace>,
    pub user: Option<User>,
    pub queue: Queue,
    pub data: SocketData,
    /// Weak, because the transport's socket owns the dispatcher, which owns this.
    raw: Weak<RawSocket>,
    membership: Mutex<Membership>,
    departed: Notify,
    put_out: AtomicBool,
}

/// Whether the client is still there. Joining and leaving happen under this lock, so that nobody joins after leaving.
enum Membership {
    Present,
    /// With what the disconnect handler may ask for; nothing where there is none.
    Gone(Option<Box<Last>>),
}

/// A client that is there, and does not go while this is held.
pub(crate) struct Here<'a> {
    connection: &'a Connection,
    raw: &'a RawSocket,
}

impl Here<'_> {
    /// Whether CONNECT is answered.
    pub fn is_let_in(&self) -> bool {
        self.raw.connected()
    }

    /// Joins rooms.
    pub fn join(&self, rooms: Vec<Room>) {
        self.raw.join(rooms);
    }

    /// Leaves rooms, and is no longer present in them.
    pub fn leave(&self, rooms: &[Room]) {
        self.raw.leave(rooms.to_vec());
        presence::left(self.connection, rooms);
    }
}

/// The last moment of a connection.
struct Last {
    rooms: Vec<String>,
    handshake: Handshake,
}

impl Connection {
    pub fn new(id: SocketId, namespace: Arc<Namespace>, user: Option<User>, raw: &Arc<RawSocket>) -> Self {
        Self {
            id,
            sid: raw.id,
            namespace,
            user,
            queue: Queue::paused(),
            data: SocketData::default(),
            raw: Arc::downgrade(raw),
            membership: Mutex::new(Membership::Present),
            departed: Notify::new(),
            put_out: AtomicBool::new(false),
        }
    }

    /// The transport's socket, while the client is there.
    pub fn raw(&self) -> Result<Arc<RawSocket>, Disconnected> {
        self.raw.upgrade().filter(|raw| raw.connected()).ok_or(Disconnected)
    }

    /// Ends the connection for its handlers, once, whoever notices first: out of its rooms with `leave` now, the
    /// disconnect handler as the queue's last job.
    pub fn depart(self: &Arc<Self>, leave: impl FnOnce(), reason: DisconnectReason) {
        self.namespace.sender().remove(self);
        let has_handler = self.namespace.entry.disconnect.is_some();
        {
            let mut membership = self.membership();
            if matches!(*membership, Membership::Gone(_)) {
                return leave();
            }
            let last = self.raw.upgrade().filter(|_| has_handler).map(|raw| {
                let handshake = Handshake::from_parts(raw.req_parts());
                Box::new(Last { rooms: rooms::public_rooms(raw.rooms()), handshake })
            });
            *membership = Membership::Gone(last);
            leave();
            presence::departed(self, reason);
        }
        self.departed.notify_waiters();
        // a client that leaves before it was let in was never there
        if !self.queue.abandon_if_paused() && has_handler {
            dispatch::finish(self, Job::Disconnect { reason });
        }
    }

    /// Waits until the client is gone.
    pub async fn departed(&self) {
        loop {
            let departed = self.departed.notified();
            if self.is_gone() {
                return;
            }
            departed.await;
        }
    }

    pub fn is_gone(&self) -> bool {
        matches!(*self.membership(), Membership::Gone(_))
    }

    /// Whether the server has put the client out: none of its events is served any more.
    pub fn is_put_out(&self) -> bool {
        self.put_out.load(Ordering::Relaxed)
    }

    /// Puts the client out of the namespace.
    pub fn put_out(self: &Arc<Self>) {
        self.put_out.store(true, Ordering::Relaxed);
        let Some(raw) = self.raw.upgrade() else { return };
        // a client that is not in yet is refused instead; one that does not read cannot be told, but is gone for everybody
        if !raw.connected() || raw.clone().disconnect().is_err() {
            self.depart(|| raw.leave_all(), DisconnectReason::ServerNamespaceDisconnect);
        }
    }

    /// Does something while the client is there: it does not go before that is done.
    ///
    /// Under the membership lock, so `act` must not ask this connection for anything that takes it.
    pub fn while_here<T>(&self, act: impl FnOnce(&Here<'_>) -> T) -> Result<T, Disconnected> {
        // dropped after the lock is given back: dropping the last one ends the connection, under the same lock
        let raw = self.raw.upgrade();
        match (&*self.membership(), &raw) {
            (Membership::Present, Some(raw)) => Ok(act(&Here { connection: self, raw })),
            _ => Err(Disconnected),
        }
    }

    /// The authors' rooms, sorted; of a client that is gone, the last ones.
    pub fn rooms(&self) -> Vec<String> {
        match &*self.membership() {
            Membership::Gone(last) => last.as_ref().map(|last| last.rooms.clone()).unwrap_or_default(),
            Membership::Present => self.raw.upgrade().map(|raw| rooms::public_rooms(raw.rooms())).unwrap_or_default(),
        }
    }

    /// The request that opened the connection.
    pub fn handshake(&self) -> Result<Handshake, Disconnected> {
        match &*self.membership() {
            Membership::Gone(last) => last.as_ref().map(|last| last.handshake.clone()).ok_or(Disconnected),
            Membership::Present => {
                let raw = self.raw.upgrade().ok_or(Disconnected)?;
                Ok(Handshake::from_parts(raw.req_parts()))
            }
        }
    }

    fn membership(&self) -> MutexGuard<'_, Membership> {
        self.membership.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
