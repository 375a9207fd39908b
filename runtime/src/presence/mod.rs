//! Who is there: in which room, on how many sockets, doing what.
//!
//! ```
//! use lambdio::prelude::*;
//!
//! #[payload]
//! struct Cursor { line: u32 }
//!
//! #[handler(namespace = "/board", event = "look_at")]
//! async fn look_at(
//!     Data((board, cursor)): Data<(String, Cursor)>,
//!     presence: Presence,
//! ) -> Result<Vec<PresenceEntry>, lambdio::Error> {
//!     Ok(presence.track(board, &cursor)?)
//! }
//! ```
//!
//! - [`Presence`]: the socket's own presence; injectable wherever there is a socket.
//! - [`NamespacePresence`]: the same from outside, by [`Emitter::presence`](crate::Emitter::presence).
//! - [`PresenceEntry`]: one user, or one socket that nobody is logged in on.
//! - [`PresenceList`], [`PresenceJoined`], [`PresenceChanged`], [`PresenceLeft`]: what clients hear; [`EVENTS`] lists them.
//!
//! # What a client hears
//!
//! | event | payload | to |
//! |---|---|---|
//! | `presence_list` | `{room, entries}` | a socket that was not present in the room before it tracked; everybody in the room when it is [forgotten](NamespacePresence::forget), with no entries |
//! | `presence_joined` | `{room, entry}` | everybody else in the room, when a user's first socket is tracked |
//! | `presence_changed` | `{room, entry}` | everybody in the room, when a user's meta or number of sockets changes; not the socket that gets the list |
//! | `presence_left` | `{room, entry}` | everybody in the room, when a user's last socket is gone; the entry is the last one |
//!
//! A client that replaces everything by `presence_list`, puts the entry of `presence_joined` and `presence_changed` under
//! its `id`, and removes that of `presence_left`, always shows the truth. "Everybody in the room" are those who joined it,
//! tracked or not. Where the server stops, nobody is told.
//!
//! # How it is kept
//!
//! [`Roster`] is the one place that knows who is present; `members` is one room of it. A change and the events that tell
//! of it are one step under the room's lock, so that two changes are heard in the order they were made. Whatever ends a
//! connection ends its presence in the same step as its rooms, and nobody is tracked afterwards: both happen under the
//! connection's membership lock.
//!
//! Locks are taken in this order: a connection's membership, a room of the roster, then either of the roster's two maps
//! or what the transport locks to send. None is held while something is awaited.
//!
//! A room in which nobody is present and a socket that is present nowhere cost nothing. A socket is present in 256 rooms
//! at most, and its meta is JSON of 4 KiB at most. Each newcomer is sent the whole list, and everybody hears of them: this
//! is for rooms of hundreds, not of hundred thousands.
//!
//! # Several nodes
//!
//! The roster speaks of rooms, socket ids, users and meta only, so a cluster can keep one on each node that knows the
//! sockets of all. `track`, `untrack`, `depart` and `clear` then also become messages to the other nodes, which make the
//! same change and tell their own sockets; a node that is gone is `depart` for each of its sockets; `list` stays local.

mod client;
mod entry;
mod error;
mod events;
mod hooks;
mod members;
mod meta;
mod namespace;
mod roster;
#[cfg(test)]
mod tests;

pub use client::Presence;
pub use entry::PresenceEntry;
pub use error::PresenceError;
pub use events::{EVENTS, PresenceChanged, PresenceEvent, PresenceJoined, PresenceLeft, PresenceList};
pub(crate) use hooks::{departed, left};
pub use namespace::NamespacePresence;
pub(crate) use roster::Roster;

/// Rooms that one socket may be present in at once.
pub const MAX_ROOMS: usize = 256;

/// Largest meta, in bytes of its JSON.
pub const MAX_META: usize = 4 * 1024;
