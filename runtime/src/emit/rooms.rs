//! Names of rooms.

use crate::socket::SocketId;
use std::borrow::Cow;

/// The name of a room inside the transport.
pub(crate) type Room = Cow<'static, str>;

/// The runtime's own rooms start with NUL, and no author's room does: a name that comes from a client can never reach
/// them.
const PRIVATE: char = '\0';

/// The room of one socket.
pub(crate) fn of_socket(id: &SocketId) -> Room {
    format!("{PRIVATE}s{id}").into()
}

/// The room of all sockets of one user.
pub(crate) fn of_user(id: &str) -> Room {
    format!("{PRIVATE}u{id}").into()
}

/// Longest name of a room, in bytes.
const LONGEST: usize = 256;

/// Whether an author may use this name.
pub(crate) fn is_public(room: &Room) -> bool {
    !room.is_empty() && room.len() <= LONGEST && !room.starts_with(PRIVATE)
}

/// The authors' rooms among these, sorted.
pub(crate) fn public_rooms(rooms: Vec<Room>) -> Vec<String> {
    let mut rooms: Vec<String> = rooms.into_iter().filter(is_public).map(Cow::into_owned).collect();
    rooms.sort_unstable();
    rooms
}

/// One room or several: `"lobby"`, a `String`, an array, a slice or a `Vec` of them.
pub trait IntoRooms {
    /// The names.
    #[doc(hidden)]
    fn into_rooms(self) -> Vec<Cow<'static, str>>;
}

impl IntoRooms for &str {
    fn into_rooms(self) -> Vec<Room> {
        vec![Cow::Owned(self.to_owned())]
    }
}

impl IntoRooms for String {
    fn into_rooms(self) -> Vec<Room> {
        vec![Cow::Owned(self)]
    }
}

impl IntoRooms for &String {
    fn into_rooms(self) -> Vec<Room> {
        vec![Cow::Owned(self.clone())]
    }
}

impl<T: IntoRooms, const N: usize> IntoRooms for [T; N] {
    fn into_rooms(self) -> Vec<Room> {
        self.into_iter().flat_map(IntoRooms::into_rooms).collect()
    }
}

impl<T: IntoRooms> IntoRooms for Vec<T> {
    fn into_rooms(self) -> Vec<Room> {
        self.into_iter().flat_map(IntoRooms::into_rooms).collect()
    }
}

impl<T> IntoRooms for &[T]
where
    for<'a> &'a T: IntoRooms,
{
    fn into_rooms(self) -> Vec<Room> {
        self.iter().flat_map(IntoRooms::into_rooms).collect()
    }
}
