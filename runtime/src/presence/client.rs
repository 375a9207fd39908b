//! The presence of one socket.

use super::{
    PresenceEntry, PresenceError, hooks::tell, members::Who, meta::Meta, namespace::NamespacePresence, roster::Place,
};
use crate::{emit::rooms, socket::Socket};
use serde::{Serialize, de::DeserializeOwned};

/// Says in which rooms this socket is present, and lists who else is.
///
/// Injectable wherever there is a socket. Presence ends by itself when the client is gone, whatever ended the connection,
/// and when the socket leaves the room.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[handler(namespace = "/chat", event = "enter")]
/// async fn enter(Data(room): Data<String>, presence: Presence) -> Result<usize, lambdio::Error> {
///     Ok(presence.track(room, &())?.len())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Presence(Socket);

impl Presence {
    pub(crate) fn new(socket: Socket) -> Self {
        Self(socket)
    }

    /// This socket is present in the room from now on, with this meta, and has joined it. Gives everybody who is present,
    /// sorted by name and id.
    ///
    /// The socket gets the same list as the event `presence_list` if it was not present in the room before, in the right
    /// order with all later changes, which an acknowledgement is not. The others hear `presence_joined` or
    /// `presence_changed`. Tracking again replaces the meta.
    ///
    /// `meta` is anything that becomes JSON of at most [`MAX_META`](super::MAX_META) bytes; `&()` is none.
    ///
    /// # Errors
    /// [`PresenceError::Disconnected`] when the client is gone, and in a middleware, which has not let it in yet;
    /// [`InvalidName`](PresenceError::InvalidName) as [`Socket::join`];
    /// [`MetaTooLarge`](PresenceError::MetaTooLarge), [`Meta`](PresenceError::Meta) for a meta that cannot be kept;
    /// [`TooManyRooms`](PresenceError::TooManyRooms) beyond [`MAX_ROOMS`](super::MAX_ROOMS) or `socketio.max_rooms`.
    /// Nothing has changed then.
    pub fn track(
        &self,
        room: impl AsRef<str>,
        meta: &(impl Serialize + ?Sized),
    ) -> Result<Vec<PresenceEntry>, PresenceError> {
        let room = room.as_ref();
        let name = rooms::Room::from(room.to_owned());
        if !rooms::is_public(&name) {
            return Err(PresenceError::InvalidName(room.to_owned()));
        }
        let meta = Meta::encode(meta)?;
        let connection = self.0.connection();
        let place = Place::new(self.0.namespace(), room);
        let sender = connection.namespace.sender();
        let list = connection.while_here(|here| {
            if !here.is_let_in() {
                return Err(PresenceError::Disconnected);
            }
            if !sender.presence().admits(&place, &connection.id) {
                return Err(PresenceError::TooManyRooms);
            }
            here.join(vec![name]).map_err(|_| PresenceError::TooManyRooms)?;
            // what is told below is for this socket alone, or for all but this one
            here.take_own_room();
            let tell = |place: &Place, notice| tell(sender, place, notice);
            Ok(sender.presence().track(&place, Who::of(connection), meta, tell))
        })??;
        Ok(list.into_iter().map(PresenceEntry::opened).collect())
    }

    /// This socket is no longer present in the room, but still in it: it hears who comes and goes. Not having been present
    /// is no error. [`Socket::leave`] ends both.
    pub fn untrack(&self, room: impl AsRef<str>) {
        let connection = self.0.connection();
        let place = Place::new(self.0.namespace(), room.as_ref());
        let sender = connection.namespace.sender();
        let tell = |place: &Place, notice| tell(sender, place, notice);
        // who is gone is not present
        let _ = connection.while_here(|_| sender.presence().untrack(&place, &Who::of(connection), tell));
    }

    /// Everybody who is present in the room, sorted by name and id.
    #[must_use]
    pub fn list(&self, room: impl AsRef<str>) -> Vec<PresenceEntry> {
        self.of_namespace().list(room)
    }

    /// The same, with the meta as a type.
    ///
    /// # Errors
    /// [`PresenceError::Meta`] when a meta is not of this type.
    pub fn list_as<M: DeserializeOwned>(&self, room: impl AsRef<str>) -> Result<Vec<PresenceEntry<M>>, PresenceError> {
        self.of_namespace().list_as(room)
    }

    fn of_namespace(&self) -> NamespacePresence {
        let namespace = &self.0.connection().namespace;
        NamespacePresence::new(namespace.sender().clone(), namespace.path())
    }
}
