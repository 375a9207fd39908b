//! Sending events: to one client, a room, several rooms, a user, all, all but some.
//!
//! - [`Event`]: a typed event, written with `#[event]`.
//! - [`Emitter`]: sends from anywhere; injectable.
//! - [`Recipients`]: who gets an event.
//! - `sender`: the way to all clients, which all of these share.
//! - [`AckOfOne`], [`AcksOfMany`]: an event that waits for acknowledgements.

mod ack;
mod emitter;
mod error;
mod event;
mod recipients;
pub(crate) mod rooms;
mod sender;

pub use ack::{AckError, AckOfOne, AcksOfMany};
pub use emitter::Emitter;
pub use error::EmitError;
pub use event::Event;
pub use recipients::Recipients;
pub use rooms::IntoRooms;
pub(crate) use rooms::Room;
pub(crate) use sender::Sender;
