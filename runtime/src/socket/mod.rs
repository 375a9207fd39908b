//! One client in one namespace.

mod connection;
mod data;
mod here;
mod id;
mod outbound;

pub(crate) use connection::Connection;
pub use data::SocketData;
pub use id::SocketId;
pub(crate) use outbound::Unsent;

use crate::{
    auth::User,
    emit::{AckOfOne, EmitError, Event, IntoRooms, Recipients, Room, rooms},
    extract::Handshake,
    transport::{DisconnectReason, RawSocket},
};
use std::{fmt, sync::Arc};

/// One client in one namespace: its rooms, its data, and what is sent to it.
///
/// Cloning gives another handle to the same socket. A handle may outlive the connection; then sending and joining fail
/// with an error.
#[derive(Clone)]
pub struct Socket(Arc<Connection>);

/// The client has left the namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client has left")]
pub struct Disconnected;

/// Why a socket could not join a room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The client has left the namespace.
    #[error("the client has left")]
    Disconnected,
    /// The name is empty, longer than 256 bytes, or starts with the NUL character, which the runtime keeps for rooms of its
    /// own.
    #[error("{0:?} is not a room name: it is empty, longer than 256 bytes or starts with NUL")]
    InvalidName(String),
    /// The socket is in as many rooms as `socketio.max_rooms` allows.
    #[error("the socket is in {0} rooms, as many as socketio.max_rooms allows")]
    TooMany(usize),
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
    /// A client that began with polling keeps its first request's. A disconnect handler gets them too.
    ///
    /// # Errors
    /// [`Disconnected`] when the client is gone, outside a disconnect handler.
    pub fn handshake(&self) -> Result<Handshake, Disconnected> {
        self.0.handshake()
    }

    /// Joins one room or several. Being in a room already is no error.
    ///
    /// # Errors
    /// [`JoinError::Disconnected`] when the client is gone, [`JoinError::InvalidName`] for a name that cannot be,
    /// [`JoinError::TooMany`] beyond `socketio.max_rooms`. Then none of the rooms is joined.
    pub fn join(&self, rooms: impl IntoRooms) -> Result<(), JoinError> {
        let rooms = rooms.into_rooms();
        if let Some(invalid) = rooms.iter().find(|room| !rooms::is_public(room)) {
            return Err(JoinError::InvalidName(invalid.chars().take(64).collect()));
        }
        self.0.while_here(|here| here.join(rooms)).unwrap_or(Err(JoinError::Disconnected))
    }

    /// Leaves one room or several, and is no longer [present](crate::Presence) there. Not being in a room, or being gone,
    /// is no error.
    pub fn leave(&self, rooms: impl IntoRooms) {
        let rooms: Vec<Room> = rooms.into_rooms().into_iter().filter(rooms::is_public).collect();
        // who is gone has left them already
        let _ = self.0.while_here(|here| here.leave(&rooms));
    }

    /// Whether this socket is in a room. One that is gone is in none.
    #[must_use]
    pub fn is_in(&self, room: impl AsRef<str>) -> bool {
        self.0.is_in(room.as_ref())
    }

    /// The rooms this socket is in, sorted. In a disconnect handler: those it was in.
    #[must_use]
    pub fn rooms(&self) -> Vec<String> {
        self.0.rooms()
    }

    /// Sends an event to this client.
    ///
    /// # Errors
    /// [`EmitError::Disconnected`] when the client is gone, [`EmitError::OtherNamespace`] when the event belongs to
    /// another namespace than this socket, [`EmitError::Encode`] when the event cannot be encoded,
    /// [`EmitError::SlowConsumer`] when the client does not read what it is sent.
    pub fn emit<E: Event>(&self, event: &E) -> Result<(), EmitError> {
        EmitError::check_namespace::<E>(self.namespace())?;
        let arguments = EmitError::encode(event)?;
        self.0.send_event(E::NAME, &arguments).map_err(EmitError::from_unsent::<E>)
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
        Recipients::around(&self.0).except_itself().to(rooms)
    }

    /// All clients in these rooms, this one included if it is in one.
    pub fn within(&self, rooms: impl IntoRooms) -> Recipients {
        Recipients::around(&self.0).to(rooms)
    }

    /// All clients of the namespace but this one.
    pub fn broadcast(&self) -> Recipients {
        Recipients::around(&self.0).except_itself()
    }

    /// Puts the client out of this namespace: out of its rooms, and none of its events is served any more. Its
    /// disconnect handler runs.
    ///
    /// A JavaScript client sees `io server disconnect` and does not come back by itself.
    pub fn disconnect(&self) {
        self.0.put_out(DisconnectReason::ServerNamespaceDisconnect);
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
