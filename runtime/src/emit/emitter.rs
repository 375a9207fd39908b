//! Sending from anywhere.

use super::{EmitError, Event, IntoRooms, Recipients, Sender};
use crate::{
    presence::NamespacePresence,
    socket::{Socket, SocketId},
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
