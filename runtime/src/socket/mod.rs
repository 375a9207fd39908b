//! One client in one namespace.

mod data;
mod id;

pub use data::SocketData;
pub use id::SocketId;

use crate::{
    auth::User,
    dispatch::Queue,
    emit::{AckOfOne, EmitError, Event, IntoRooms, Recipients, Room, rooms},
    extract::Handshake,
    transport::{Namespace, RawSocket},
};
use socketioxide::socket::Sid;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// One client in one namespace: its rooms, its data, and what is sent to it.
///
/// Cloning gives another handle to the same socket. A handle may outlive the connection; then sending and joining fail
/// with an error.
#[derive(Clone)]
pub struct Socket(Arc<Connection>);

/// What the runtime keeps for a socket.
pub(crate) struct Connection {
    pub id: SocketId,
    /// The transport's session: a credential, never shown.
    pub sid: Sid,
    pub namespace: Arc<Namespace>,
    pub user: Option<User>,
    pub queue: Queue,
    data: SocketData,
    /// Weak, because the transport's socket owns the dispatcher, which owns this.
    raw: Weak<RawSocket>,
    membership: Mutex<Membership>,
}

/// Whether the client is still there. Joining and leaving happen under this lock, so that nobody joins after leaving.
enum Membership {
    Present,
    /// With the rooms of the last moment, for the disconnect handler.
    Gone(Vec<String>),
}

/// The client has left the namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client has left")]
pub struct Disconnected;

/// Why a socket could not join a room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The client has left the namespace.
    #[error("the client has left")]
    Disconnected,
    /// The name is empty or starts with the NUL character, which the runtime keeps for rooms of its own.
    #[error("{0:?} is not a room name: it is empty or starts with NUL")]
    InvalidName(String),
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
        }
    }

    /// Takes the client out of its rooms with `leave`. Whoever is first gets `true`.
    pub fn depart(&self, leave: impl FnOnce()) -> bool {
        let mut membership = self.membership.lock().unwrap_or_else(PoisonError::into_inner);
        let first = matches!(*membership, Membership::Present);
        if first {
            let last = self.raw.upgrade().map(|raw| rooms::public_rooms(raw.rooms())).unwrap_or_default();
            *membership = Membership::Gone(last);
        }
        leave();
        first
    }

    fn raw(&self) -> Result<Arc<RawSocket>, Disconnected> {
        self.raw.upgrade().filter(|raw| raw.connected()).ok_or(Disconnected)
    }
}

impl Socket {
    pub(crate) fn new(connection: Arc<Connection>) -> Self {
        Self(connection)
    }

    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.0
    }

    /// The public name of this socket.
    #[must_use]
    pub fn id(&self) -> &SocketId {
        &self.0.id
    }

    /// The namespace, such as `/documents`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.namespace.path()
    }

    /// Who is logged in on this socket, if the namespace asks for that.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.0.user.as_ref()
    }

    /// Values that handlers keep on this socket.
    #[must_use]
    pub fn data(&self) -> &SocketData {
        &self.0.data
    }

    /// Whether the client is still there.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.raw().is_ok()
    }

    /// Headers, query and address of the request that opened the connection.
    ///
    /// A client that began with polling keeps its first request's.
    ///
    /// # Errors
    /// [`Disconnected`] when the client is gone.
    pub fn handshake(&self) -> Result<Handshake, Disconnected> {
        let raw = self.0.raw.upgrade().ok_or(Disconnected)?;
        Ok(Handshake::from_parts(raw.req_parts()))
    }

    /// Joins one room or several. Being in a room already is no error.
    ///
    /// # Errors
    /// [`JoinError::Disconnected`] when the client is gone, [`JoinError::InvalidName`] for a name that cannot be.
    pub fn join(&self, rooms: impl IntoRooms) -> Result<(), JoinError> {
        let rooms = rooms.into_rooms();
        if let Some(invalid) = rooms.iter().find(|room| !rooms::is_public(room)) {
            return Err(JoinError::InvalidName(invalid.to_string()));
        }
        let membership = self.0.membership.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*membership, self.0.raw.upgrade()) {
            (Membership::Present, Some(raw)) => {
                raw.join(rooms);
                Ok(())
            }
            _ => Err(JoinError::Disconnected),
        }
    }

    /// Leaves one room or several. Not being in a room, or being gone, is no error.
    pub fn leave(&self, rooms: impl IntoRooms) {
        let rooms: Vec<Room> = rooms.into_rooms().into_iter().filter(rooms::is_public).collect();
        let membership = self.0.membership.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Membership::Present, Some(raw)) = (&*membership, self.0.raw.upgrade()) {
            raw.leave(rooms);
        }
    }

    /// The rooms this socket is in, sorted. In a disconnect handler: those it was in.
    #[must_use]
    pub fn rooms(&self) -> Vec<String> {
        match &*self.0.membership.lock().unwrap_or_else(PoisonError::into_inner) {
            Membership::Gone(last) => last.clone(),
            Membership::Present => self.0.raw.upgrade().map(|raw| rooms::public_rooms(raw.rooms())).unwrap_or_default(),
        }
    }

    /// Sends an event to this client.
    ///
    /// # Errors
    /// [`EmitError::Disconnected`] when the client is gone, [`EmitError::OtherNamespace`] when the event belongs to
    /// another namespace than this socket, [`EmitError::Encode`] when the event cannot be encoded.
    pub fn emit<E: Event>(&self, event: &E) -> Result<(), EmitError> {
        EmitError::check_namespace::<E>(self.namespace())?;
        let raw = self.0.raw()?;
        raw.emit(E::NAME, &event.arguments()).map_err(|error| EmitError::from_send::<E>(&error))
    }

    /// Sends an event to this client, and waits for its acknowledgement once awaited.
    ///
    /// ```no_run
    /// # use lambdio::prelude::*;
    /// # use std::time::Duration;
    /// #[event(name = "are_you_there", ack = bool)]
    /// struct AreYouThere;
    ///
    /// # async fn example(socket: Socket) -> Result<(), lambdio::Error> {
    /// let here = socket.emit_with_ack(&AreYouThere).timeout(Duration::from_secs(2)).await?;
    /// # Ok(()) }
    /// ```
    #[must_use = "nothing is sent until this is awaited"]
    pub fn emit_with_ack<'a, E: Event>(&self, event: &'a E) -> AckOfOne<'a, E> {
        AckOfOne::new(self.clone(), event)
    }

    /// All clients in these rooms but this one.
    pub fn to(&self, rooms: impl IntoRooms) -> Recipients {
        self.recipients().to(rooms).except_socket(self.id())
    }

    /// All clients in these rooms, this one included if it is in one.
    pub fn within(&self, rooms: impl IntoRooms) -> Recipients {
        self.recipients().to(rooms)
    }

    /// All clients of the namespace but this one.
    pub fn broadcast(&self) -> Recipients {
        self.recipients().except_socket(self.id())
    }

    fn recipients(&self) -> Recipients {
        Recipients::all(self.0.namespace.sender()).in_namespace(self.0.namespace.path())
    }

    /// Takes the client out of this namespace; its connection stays for other namespaces.
    ///
    /// A JavaScript client sees `io server disconnect` and does not come back by itself.
    pub fn disconnect(&self) {
        if let Some(raw) = self.0.raw.upgrade() {
            // what can fail here is sending the goodbye; the transport closes such a connection itself
            let _ = raw.disconnect();
        }
    }

    pub(crate) fn raw(&self) -> Result<Arc<RawSocket>, Disconnected> {
        self.0.raw()
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("namespace", &self.namespace()).field("id", self.id()).finish_non_exhaustive()
    }
}
