//! What the runtime keeps for a socket.

use super::{Disconnected, SocketData, here::Here};
use crate::{
    auth::{Ending, Login, User, events},
    dispatch::{self, Job, Queue, SocketRates},
    emit::{Room, rooms},
    extract::Handshake,
    log::{self, RequestId},
    presence,
    socket::SocketId,
    traces::{Trace, TraceContext},
    transport::{DisconnectReason, Head, Namespace, RawSocket, Session},
};
use socketioxide::socket::Sid;
use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;

/// What the runtime keeps for a socket.
pub(crate) struct Connection {
    pub id: SocketId,
    /// The transport's session: a credential, never shown.
    pub sid: Sid,
    pub session: Arc<Session>,
    pub namespace: Arc<Namespace>,
    pub user: Option<User>,
    /// The user's log-in, which ends some day.
    pub login: Option<Login>,
    /// Where the client is, as far as that is known.
    pub address: Option<IpAddr>,
    /// The request that opened the session.
    pub request: Option<RequestId>,
    /// What let it in, as part of a trace.
    pub entry: Option<TraceContext>,
    pub rates: SocketRates,
    pub queue: Queue,
    pub data: SocketData,
    /// Weak, because the transport's socket owns the dispatcher, which owns this.
    raw: Weak<RawSocket>,
    membership: Mutex<Membership>,
    /// Told when the client is gone, and when its last job has ended.
    departed: Notify,
    gone: AtomicBool,
    finished: AtomicBool,
    /// Why the server put the client out, if it did.
    put_out: OnceLock<DisconnectReason>,
    /// Whether the socket has the room of its own.
    pub(super) own_room: AtomicBool,
}

/// Whether the client is still there. Joining and leaving happen under this lock, so that nobody joins after leaving.
enum Membership {
    Present,
    /// With what the disconnect handler may ask for; nothing where there is none.
    Gone(Option<Box<Last>>),
}

/// The last moment of a connection.
struct Last {
    rooms: Vec<String>,
    handshake: Handshake,
}

impl Connection {
    pub fn new(
        id: SocketId,
        namespace: Arc<Namespace>,
        session: Arc<Session>,
        who: Option<(User, Login)>,
        raw: &Arc<RawSocket>,
    ) -> Self {
        let (user, login) = who.unzip();
        let head = Head::of(raw.req_parts());
        Self {
            id,
            sid: raw.id,
            session,
            namespace,
            user,
            login,
            address: head.and_then(Head::address).map(|address| address.ip()),
            request: head.and_then(Head::request).cloned(),
            entry: log::look(log::Invocation::trace).flatten().map(Trace::context),
            rates: SocketRates::default(),
            queue: Queue::paused(),
            data: SocketData::default(),
            raw: Arc::downgrade(raw),
            membership: Mutex::new(Membership::Present),
            departed: Notify::new(),
            gone: AtomicBool::new(false),
            finished: AtomicBool::new(false),
            put_out: OnceLock::new(),
            own_room: AtomicBool::new(false),
        }
    }

    /// The transport's socket, while the client is there.
    pub fn raw(&self) -> Result<Arc<RawSocket>, Disconnected> {
        self.raw
            .upgrade()
            .filter(|raw| raw.connected() && !self.is_gone() && !self.session.is_ended())
            .ok_or(Disconnected)
    }

    /// The transport's socket, also before the client is let in.
    pub fn transport(&self) -> Option<Arc<RawSocket>> {
        self.raw.upgrade()
    }

    /// Ends the connection for its handlers, once, whoever notices first: out of its rooms with `leave` now, the
    /// disconnect handler as the queue's last job.
    pub fn depart(self: &Arc<Self>, leave: impl FnOnce(), reason: DisconnectReason) {
        // where the server ended the connection, the transport only notices that it is gone
        let reason = self.session.end_reason().or(self.put_out.get().copied()).unwrap_or(reason);
        self.namespace.sender().remove(self);
        let has_handler = self.namespace.entry().disconnect.is_some();
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
            self.gone.store(true, Ordering::SeqCst);
            leave();
            presence::departed(self, reason);
        }
        self.departed.notify_waiters();
        // a client that leaves before it was let in was never there
        if self.queue.abandon_if_paused() {
            self.finished();
        } else {
            self.namespace.entry().connection_metrics.left(reason);
            dispatch::finish(self, Job::Disconnect { reason });
        }
    }

    /// Ends the client's connection, with its sockets in all namespaces. From now on nothing reaches it.
    ///
    /// Its sockets depart in a task of their own: whoever sends may hold a lock that departing needs. `false` where that has
    /// happened already.
    pub fn evict(&self, reason: DisconnectReason) -> bool {
        if !self.session.end(reason) {
            return false;
        }
        self.namespace.entry().connection_metrics.evicted(reason);
        let connections = self.session.sockets();
        self.namespace.app.work.spawn(async move {
            for connection in connections {
                let raw = connection.raw.upgrade();
                connection.depart(|| raw.iter().for_each(|raw| raw.leave_all()), reason);
            }
        });
        true
    }

    /// The last job has ended.
    pub fn finished(&self) {
        self.finished.store(true, Ordering::SeqCst);
        self.departed.notify_waiters();
    }

    /// Whether the client is gone and nothing of it runs any more.
    pub fn is_finished(&self) -> bool {
        self.finished.load(Ordering::SeqCst)
    }

    /// Waits until the client is gone and nothing of it runs any more.
    pub async fn until_finished(&self) {
        loop {
            let finished = self.departed.notified();
            if self.is_finished() {
                return;
            }
            finished.await;
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
        self.gone.load(Ordering::SeqCst)
    }

    /// Whether the server has put the client out: none of its events is served any more.
    pub fn is_put_out(&self) -> bool {
        self.put_out.get().is_some()
    }

    /// The log-in behind this socket has ended: tells the client why, and puts it out. Events that wait are refused.
    pub fn log_out(self: &Arc<Self>, ending: Ending) {
        tracing::debug!(namespace = self.namespace.path(), socket = %self.id, %ending, "the log-in has ended");
        events::tell_ended(self, ending);
        self.put_out(DisconnectReason::SessionEnded);
    }

    /// Puts the client out of the namespace.
    pub fn put_out(self: &Arc<Self>, reason: DisconnectReason) {
        // the first reason is the one that counts
        let _ = self.put_out.set(reason);
        let Some(raw) = self.raw.upgrade() else { return };
        // a client that is not in yet is refused instead; one that does not read cannot be told, but is gone for everybody
        if !raw.connected() || raw.clone().disconnect().is_err() {
            self.depart(|| raw.leave_all(), reason);
            // CONNECT was answered meanwhile: if not yet, the gate finds it gone
            if raw.connected() {
                let _ = raw.disconnect();
            }
        }
    }

    /// Whether its user connected with a role that is not among these.
    pub fn has_lost_a_role(&self, roles: &[String]) -> bool {
        self.user.as_ref().is_some_and(|user| user.roles().iter().any(|role| !roles.contains(role)))
    }

    /// Does something while the client is there: it does not go before that is done.
    ///
    /// Under the membership lock, so `act` must not ask this connection for anything that takes it.
    pub fn while_here<T>(&self, act: impl FnOnce(&Here<'_>) -> T) -> Result<T, Disconnected> {
        // dropped after the lock is given back: dropping the last one ends the connection, under the same lock
        let raw = self.raw.upgrade();
        match (&*self.membership(), &raw) {
            (Membership::Present, Some(raw)) => Ok(act(&Here::new(self, raw))),
            _ => Err(Disconnected),
        }
    }

    /// Joins the room of its own, unless the client is gone.
    ///
    /// The first time it takes the membership lock, so it must not be called under one. Presence, which tells clients under
    /// it, names only sockets that have their room already.
    pub fn take_own_room(&self) {
        if !self.own_room.load(Ordering::SeqCst) {
            // who is gone needs no room
            let _ = self.while_here(|here| {
                here.take_own_room();
            });
        }
    }

    /// Whether the client is there and in this room.
    pub fn is_in(&self, room: &str) -> bool {
        let room = Room::from(room.to_owned());
        rooms::is_public(&room) && self.while_here(|here| here.is_in(&room)).unwrap_or(false)
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
