//! Who gets an event.

use super::{
    AcksOfMany, EmitError, Event, IntoRooms, Room, Sender,
    rooms::{is_public, of_socket, of_user},
};
use crate::{
    socket::{Connection, Socket, SocketId},
    transport::RawSocket,
    wire::{Arguments, Encoded},
};
use futures_util::FutureExt;
use socketioxide::operators::BroadcastOperators;
use std::{fmt, sync::Arc};

/// Who gets an event: everybody in a namespace, or those in some rooms, without some.
///
/// `to` twice means "in either". An empty list of rooms is nobody, not everybody.
#[derive(Clone)]
#[must_use = "nothing is sent until `emit` is called"]
pub struct Recipients {
    sender: Sender,
    /// The socket this began at; an event of another namespace than its own is an error.
    from: Option<Arc<Connection>>,
    /// Whether that socket gets nothing.
    except_from: bool,
    /// `None` is everybody.
    rooms: Option<Vec<Room>>,
    except: Vec<Room>,
    /// Those of single sockets among the rooms. A socket has its room only once it is meant.
    sockets: Vec<SocketId>,
}

impl Recipients {
    pub(crate) fn all(sender: &Sender) -> Self {
        Self {
            sender: sender.clone(),
            from: None,
            except_from: false,
            rooms: None,
            except: Vec::new(),
            sockets: Vec::new(),
        }
    }

    /// All in the namespace of a socket.
    pub(crate) fn around(connection: &Arc<Connection>) -> Self {
        Self { from: Some(connection.clone()), ..Self::all(connection.namespace.sender()) }
    }

    /// Not the socket this began at.
    pub(crate) fn except_itself(mut self) -> Self {
        self.except_from = true;
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
        self.sockets.push(id.clone());
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
        self.sockets.push(id.clone());
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
        if let Some(from) = &self.from {
            EmitError::check_namespace::<E>(from.namespace.path())?;
        }
        Ok(self.operators_in(E::NAMESPACE))
    }

    fn operators_in(&self, namespace: &str) -> Option<BroadcastOperators> {
        let operators = match self.excepted(namespace) {
            Some(raw) => raw.broadcast(),
            None => self.sender.io().of(namespace)?,
        };
        for socket in &self.sockets {
            self.sender.give_own_room(namespace, socket);
        }
        let operators = match &self.rooms {
            None => operators,
            Some(rooms) if rooms.is_empty() => return None,
            Some(rooms) => operators.within(rooms.clone()),
        };
        Some(if self.except.is_empty() { operators } else { operators.except(self.except.clone()) })
    }

    /// The socket that this began at, if it gets nothing. One that is gone gets nothing anyway.
    fn excepted(&self, namespace: &str) -> Option<Arc<RawSocket>> {
        let from = self.from.as_ref().filter(|from| self.except_from && from.namespace.path() == namespace)?;
        from.transport()
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = self.from.as_ref().map(|from| &from.id);
        f.debug_struct("Recipients")
            .field("from", &from)
            .field("except_from", &self.except_from)
            .field("rooms", &self.rooms)
            .field("except", &self.except)
            .finish_non_exhaustive()
    }
}
