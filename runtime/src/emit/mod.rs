//! Sending events: to one client, a room, several rooms, a user, all, all but some.
//!
//! - [`Event`]: a typed event, written with `#[event]`.
//! - [`Emitter`]: sends from anywhere; injectable.
//! - [`Recipients`]: who gets an event.
//! - [`AckOfOne`], [`AcksOfMany`]: an event that waits for acknowledgements.

mod ack;
mod emitter;
mod error;
mod event;
mod recipients;
pub(crate) mod rooms;

pub use ack::{AckError, AckOfOne, AcksOfMany};
pub use emitter::Emitter;
pub(crate) use emitter::Sender;
pub use error::EmitError;
pub use event::Event;
pub use recipients::Recipients;
pub use rooms::IntoRooms;
pub(crate) use rooms::Room;
