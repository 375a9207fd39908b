//! Sending from anywhere.

use super::{EmitError, Event, IntoRooms, Recipients};
use crate::{
    presence::{NamespacePresence, Roster},
    socket::{Connection, Socket, SocketId},
    wire::PacketSize,
};
use socketioxide::{SocketIo, socket::Sid};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// Sends events from anywhere: a handler, a route, a background task.
///
/// Injectable into every handler; [`Startup::emitter`](crate::Startup::emitter) gives one to what runs outside.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[event(namespace = "/news", name = "headline")]
/// struct Headline(String);
///
/// #[route(post = "/headlines")]
/// async fn publish(Data(text): Data<String>, emitter: Emitter) -> Result<(), lambdio::Error> {
///     emitter.all().emit(&Headline(text))?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Emitter(Sender);

impl Emitter {
    pub(crate) fn new(sender: Sender) -> Self {
        Self(sender)
    }

    /// Everybody in the event's namespace.
    pub fn all(&self) -> Recipients {
        Recipients::all(&self.0)
    }

    /// Those in this room or these rooms.
    pub fn to(&self, rooms: impl IntoRooms) -> Recipients {
        self.all().to(rooms)
    }

    /// All sockets of this user.
    pub fn to_user(&self, user_id: &str) -> Recipients {
        self.all().to_user(user_id)
    }

    /// One socket.
    pub fn to_socket(&self, id: &SocketId) -> Recipients {
        self.all().to_socket(id)
    }

    /// Everybody in the event's namespace but those in this room or these rooms.
    pub fn except(&self, rooms: impl IntoRooms) -> Recipients {
        self.all().except(rooms)
    }

    /// Sends the event to everybody in its namespace.
    ///
    /// # Errors
    /// [`EmitError::Encode`] when the event cannot be encoded.
    pub fn emit<E: Event>(&self, event: &E) -> Result<(), EmitError> {
        self.all().emit(event)
    }

    /// The sockets in a room of a namespace that are connected to this server.
    #[must_use]
    pub fn sockets(&self, namespace: &str, room: impl IntoRooms) -> Vec<Socket> {
        self.to(room).sockets(namespace)
    }

    /// Who is present in the rooms of a namespace.
    #[must_use]
    pub fn presence(&self, namespace: &str) -> NamespacePresence {
        NamespacePresence::new(self.0.clone(), namespace)
    }
}

/// The way to all clients, shared by everything that sends.
#[derive(Clone)]
pub(crate) struct Sender(Arc<Inner>);

struct Inner {
    io: SocketIo,
    ack_timeout: Duration,
    connections: RwLock<HashMap<String, HashMap<Sid, Arc<Connection>>>>,
    presence: Roster,
}

impl Sender {
    pub fn new(io: SocketIo, ack_timeout: Duration) -> Self {
        Self(Arc::new(Inner { io, ack_timeout, connections: RwLock::default(), presence: Roster::default() }))
    }

    pub fn io(&self) -> &SocketIo {
        &self.0.io
    }

    /// How long an emit with acknowledgement waits where the author does not say.
    pub fn ack_timeout(&self) -> Duration {
        self.0.ack_timeout
    }

    /// Who is present where.
    pub fn presence(&self) -> &Roster {
        &self.0.presence
    }

    /// The socket of a client in a namespace.
    pub fn socket(&self, namespace: &str, sid: Sid) -> Option<Socket> {
        let connections = self.0.connections.read().unwrap_or_else(PoisonError::into_inner);
        connections.get(namespace)?.get(&sid).cloned().map(Socket::new)
    }

    pub fn add(&self, connection: &Arc<Connection>) {
        let mut connections = self.0.connections.write().unwrap_or_else(PoisonError::into_inner);
        let namespace = connection.namespace.path();
        match connections.get_mut(namespace) {
            Some(sockets) => sockets.insert(connection.sid, connection.clone()),
            None => connections.entry(namespace.to_owned()).or_default().insert(connection.sid, connection.clone()),
        };
    }

    pub fn remove(&self, connection: &Arc<Connection>) {
        let mut connections = self.0.connections.write().unwrap_or_else(PoisonError::into_inner);
        let Some(sockets) = connections.get_mut(connection.namespace.path()) else { return };
        // a client that left and came back over the same transport has the same session
        if sockets.get(&connection.sid).is_some_and(|known| Arc::ptr_eq(known, connection)) {
            sockets.remove(&connection.sid);
        }
    }

    /// Counts a packet among what waits for each of these clients. Those for whom too much waits are disconnected.
    pub fn make_room(&self, namespace: &str, clients: impl Iterator<Item = Sid>, packet: &PacketSize) {
        let connections = self.0.connections.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sockets) = connections.get(namespace) else { return };
        for connection in clients.filter_map(|sid| sockets.get(&sid)) {
            // who has no room is disconnected, later, and hears nothing more
            let _ = connection.make_room(packet);
        }
    }

    /// Everybody that is connected, in every namespace.
    pub fn everybody(&self) -> Vec<Socket> {
        let connections = self.0.connections.read().unwrap_or_else(PoisonError::into_inner);
        connections.values().flat_map(HashMap::values).cloned().map(Socket::new).collect()
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}
