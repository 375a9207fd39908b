//! What travels: the values of payloads, replies and events, and how they stand in a Socket.IO packet.
//!
//! - [`Id`], [`Timestamp`], [`Binary`]: values that are native in BSON and plain on the wire.
//! - `inbound`: from a packet's arguments to a value.
//! - `attachments`, `captured`: bytes of a packet, a client's acknowledgement.
//! - `outbound`, `size`: from a value to a packet's arguments, and how long the packet is.
//! - [`Args`]: all arguments instead of the first.

mod args;
pub(crate) mod attachments;
mod binary;
pub(crate) mod captured;
mod id;
pub(crate) mod inbound;
mod native;
pub(crate) mod outbound;
mod payload;
mod size;
mod timestamp;

pub use args::{Args, ReceiveArgs, SendArgs};
pub use binary::Binary;
pub use id::{Id, InvalidId};
#[doc(hidden)]
pub use outbound::Encoded;
pub use outbound::{Arguments, Single, Spread};
pub use payload::{Payload, Reply};
pub(crate) use size::PacketSize;
pub use timestamp::{InvalidTimestamp, Timestamp};
