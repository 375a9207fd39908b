//! Who gets an event.

use super::{
    AcksOfMany, EmitError, Event, IntoRooms, Room,
    emitter::Sender,
    rooms::{is_public, of_socket, of_user},
};
use crate::{
    socket::{Socket, SocketId},
    wire::{Arguments, Encoded},
};
use futures_util::FutureExt;
use socketioxide::operators::BroadcastOperators;

/// Who gets an event: everybody in a namespace, or those in some rooms, without some.
///
/// `to` twice means "in either". An empty list of rooms is nobody, not everybody.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until `emit` is called"]
pub struct Recipients {
    sender: Sender,
    /// The namespace of the socket this began at; an event of another one is an error.
    namespace: Option<String>,
    /// `None` is everybody.
    rooms: Option<Vec<Room>>,
    except: Vec<Room>,
}

impl Recipients {
    pub(crate) fn all(sender: &Sender) -> Self {
        Self { sender: sender.clone(), namespace: None, rooms: None, except: Vec::new() }
    }

    pub(crate) fn in_namespace(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }

    /// Those in this room or these rooms. An empty name, or one that starts with NUL, is the room of nobody.
    pub fn to(mut self, rooms: impl IntoRooms) -> Self {
        let rooms = rooms.into_rooms().into_iter().filter(is_public);
        self.rooms.get_or_insert_default().extend(rooms);
        self
    }

    /// All sockets of this user.
    pub fn to_user(mut self, user_id: &str) -> Self {
        self.rooms.get_or_insert_default().push(of_user(user_id));
        self
    }

    /// This socket.
    pub fn to_socket(mut self, id: &SocketId) -> Self {
        self.rooms.get_or_insert_default().push(of_socket(id));
        self
    }

    /// Not those in this room or these rooms.
    pub fn except(mut self, rooms: impl IntoRooms) -> Self {
        self.except.extend(rooms.into_rooms().into_iter().filter(is_public));
        self
    }

    /// Not the sockets of this user.
    pub fn except_user(mut self, user_id: &str) -> Self {
        self.except.push(of_user(user_id));
        self
    }

    /// Not this socket.
    pub fn except_socket(mut self, id: &SocketId) -> Self {
        self.except.push(of_socket(id));
        self
    }

    /// Sends the event to each of them. Nobody being there is no error.
    ///
    /// # Errors
    /// [`EmitError::Encode`] when the event cannot be encoded; [`EmitError::OtherNamespace`] when this began at a socket
    /// of another namespace than the event's.
    pub fn emit<E: Event>(self, event: &E) -> Result<(), EmitError> {
        let Some(operators) = self.operators::<E>()? else { return Ok(()) };
        self.send(operators, E::NAMESPACE, E::NAME, &EmitError::encode(event)?)
    }

    /// Sends an event of the runtime's own, which belongs to any namespace.
    pub(crate) fn emit_own(
        self,
        namespace: &str,
        event: &'static str,
        arguments: &impl Arguments,
    ) -> Result<(), EmitError> {
        let Some(operators) = self.operators_in(namespace) else { return Ok(()) };
        let encoded = arguments.encode().map_err(|error| EmitError::not_encoded(event, &error))?;
        self.send(operators, namespace, event, &encoded)
    }

    /// Sends the event to each of them, and collects their acknowledgements once awaited.
    #[must_use = "nothing is sent until this is awaited"]
    pub fn emit_with_ack<E: Event>(self, event: &E) -> AcksOfMany<'_, E> {
        AcksOfMany::new(self, event)
    }

    /// Puts each of them out of `namespace`, as [`Socket::disconnect`] does. Returns how many they were.
    pub fn disconnect(self, namespace: &str) -> usize {
        let sockets = self.sockets(namespace);
        sockets.iter().for_each(Socket::disconnect);
        sockets.len()
    }

    /// The sockets of `namespace` among the recipients that are connected to this server.
    #[must_use]
    pub fn sockets(&self, namespace: &str) -> Vec<Socket> {
        let Some(operators) = self.operators_in(namespace) else { return Vec::new() };
        operators.sockets().iter().filter_map(|raw| self.sender.socket(namespace, raw.id)).collect()
    }

    fn send(
        &self,
        operators: BroadcastOperators,
        namespace: &str,
        event: &'static str,
        arguments: &Encoded,
    ) -> Result<(), EmitError> {
        self.make_room(&operators, namespace, event, arguments);
        // the local adapter never waits: the future is ready at its first poll
        match operators.emit(event, arguments).now_or_never() {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => EmitError::from_broadcast(event, &error),
            None => {
                tracing::error!(event, "the adapter made the event wait, and it was dropped");
                Ok(())
            }
        }
    }

    /// Counts the event among what waits for each recipient. Those for whom too much waits are disconnected.
    pub(crate) fn make_room(&self, operators: &BroadcastOperators, namespace: &str, event: &str, arguments: &Encoded) {
        let packet = arguments.packet_size(namespace, Some(event), None);
        let sockets = operators.clone().sockets();
        self.sender.make_room(namespace, sockets.iter().map(|raw| raw.id), &packet);
    }

    pub(crate) fn sender(&self) -> &Sender {
        &self.sender
    }

    /// `None` when nobody can be meant.
    pub(crate) fn operators<E: Event>(&self) -> Result<Option<BroadcastOperators>, EmitError> {
        if let Some(namespace) = &self.namespace {
            EmitError::check_namespace::<E>(namespace)?;
        }
        Ok(self.operators_in(E::NAMESPACE))
    }

    fn operators_in(&self, namespace: &str) -> Option<BroadcastOperators> {
        let operators = self.sender.io().of(namespace)?;
        let operators = match &self.rooms {
            None => operators,
            Some(rooms) if rooms.is_empty() => return None,
            Some(rooms) => operators.within(rooms.clone()),
        };
        Some(if self.except.is_empty() { operators } else { operators.except(self.except.clone()) })
    }
}
