//! The way to all clients.

use crate::{
    metrics::AckMetrics,
    presence::Roster,
    socket::{Connection, Socket, SocketId},
    wire::PacketSize,
};
use arc_swap::ArcSwap;
use socketioxide::{SocketIo, socket::Sid};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

/// The way to all clients, shared by everything that sends.
#[derive(Clone)]
pub(crate) struct Sender(Arc<Inner>);

struct Inner {
    io: SocketIo,
    ack_timeout: ArcSwap<Duration>,
    acks: AckMetrics,
    namespaces: RwLock<HashMap<String, Members>>,
    presence: Roster,
}

/// Who is in a namespace.
#[derive(Default)]
struct Members {
    by_session: HashMap<Sid, Arc<Connection>>,
    by_id: HashMap<SocketId, Arc<Connection>>,
}

impl Sender {
    pub fn new(io: SocketIo, ack_timeout: Duration) -> Self {
        Self(Arc::new(Inner {
            io,
            ack_timeout: ArcSwap::from_pointee(ack_timeout),
            acks: AckMetrics::new(),
            namespaces: RwLock::default(),
            presence: Roster::default(),
        }))
    }

    pub fn io(&self) -> &SocketIo {
        &self.0.io
    }

    /// How long an emit with acknowledgement waits where the author does not say.
    pub fn ack_timeout(&self) -> Duration {
        **self.0.ack_timeout.load()
    }

    /// Emits with acknowledgement wait this long from now on.
    pub fn set_ack_timeout(&self, timeout: Duration) {
        self.0.ack_timeout.store(Arc::new(timeout));
    }

    /// What is counted of acknowledgements.
    pub fn acks(&self) -> &AckMetrics {
        &self.0.acks
    }

    /// Who is present where.
    pub fn presence(&self) -> &Roster {
        &self.0.presence
    }

    /// The socket of a client in a namespace.
    pub fn socket(&self, namespace: &str, sid: Sid) -> Option<Socket> {
        self.read().get(namespace)?.by_session.get(&sid).cloned().map(Socket::new)
    }

    pub fn add(&self, connection: &Arc<Connection>) {
        let mut namespaces = self.write();
        let namespace = connection.namespace.path();
        let members = match namespaces.get_mut(namespace) {
            Some(members) => members,
            None => namespaces.entry(namespace.to_owned()).or_default(),
        };
        members.by_session.insert(connection.sid, connection.clone());
        members.by_id.insert(connection.id.clone(), connection.clone());
    }

    pub fn remove(&self, connection: &Arc<Connection>) {
        let mut namespaces = self.write();
        let Some(members) = namespaces.get_mut(connection.namespace.path()) else { return };
        members.by_id.remove(&connection.id);
        // a client that left and came back over the same transport has the same session
        if members.by_session.get(&connection.sid).is_some_and(|known| Arc::ptr_eq(known, connection)) {
            members.by_session.remove(&connection.sid);
        }
    }

    /// Gives a socket the room of its own, by which the transport finds it, if it is there and has none yet.
    pub fn give_own_room(&self, namespace: &str, id: &SocketId) {
        let connection = self.read().get(namespace).and_then(|members| members.by_id.get(id)).cloned();
        if let Some(connection) = connection {
            connection.take_own_room();
        }
    }

    /// Counts a packet among what waits for each of these clients. Those for whom too much waits are disconnected.
    pub fn make_room(&self, namespace: &str, clients: impl Iterator<Item = Sid>, packet: &PacketSize) {
        let namespaces = self.read();
        let Some(members) = namespaces.get(namespace) else { return };
        for connection in clients.filter_map(|sid| members.by_session.get(&sid)) {
            // who has no room is disconnected, later, and hears nothing more
            let _ = connection.make_room(packet);
        }
    }

    /// Everybody that is connected, in every namespace.
    pub fn everybody(&self) -> Vec<Socket> {
        self.read().values().flat_map(|members| members.by_session.values()).cloned().map(Socket::new).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, Members>> {
        self.0.namespaces.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Members>> {
        self.0.namespaces.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}
