//! A serverless-style event handler framework: write an async function, say in one annotation which Socket.IO event or
//! HTTP route it serves, and be done.
//!
//! ```
//! use lambdio::prelude::*;
//!
//! #[handler(namespace = "/chat", event = "say")]
//! async fn say(Data(text): Data<String>, socket: Socket) -> Result<usize, lambdio::Error> {
//!     socket.broadcast().emit(&Said { text: text.clone() })?;
//!     Ok(text.len()) // the acknowledgement
//! }
//!
//! #[event(namespace = "/chat", name = "said")]
//! struct Said { text: String }
//! ```
//!
//! ```no_run
//! fn main() -> lambdio::ExitCode {
//!     lambdio::App::new().run()
//! }
//! ```
//!
//! # Features
//!
//! - `otlp`, off unless asked for: traces of OpenTelemetry, sent to the collector of the section `[otlp]`.
//!
//! # The way of a packet
//!
//! | module | |
//! |---|---|
//! | `transport` | takes packets from Socket.IO, lets clients into namespaces, notices when they are gone |
//! | `dispatch` | one queue a socket, panic guard, deadline, middleware, acknowledgement |
//! | [`registry`] | which function serves which event, found and checked at start |
//! | [`context`] and [`extract`] | what an invocation has, how arguments are made of it, what guards it |
//! | [`wire`] | how values become packets and packets values |
//! | [`reply`], [`error`] and [`emit`] | what goes back to clients |
//! | [`socket`] | one client: rooms, data, sending |
//! | [`presence`] | who is there |
//! | `http`, [`auth`], [`mongo`] | routes, accounts, the database |
//! | `log` | what the log tells, of which invocation, in which form |
//! | [`metrics`], `traces` | what operators see |
//! | [`config`], `app` | settings, the command line, start and stop |
//! | `health` | whether the process lives and is ready |
//! | [`testing`] | clients for tests of handlers |

extern crate self as lambdio;

mod app;
pub mod auth;
pub mod config;
pub mod context;
mod dispatch;
pub mod emit;
pub mod error;
pub mod extract;
mod folder;
mod health;
mod http;
mod log;
pub mod metrics;
pub mod mongo;
pub mod prelude;
pub mod presence;
mod random;
pub mod registry;
pub mod reply;
pub mod socket;
pub mod testing;
mod traces;
mod transport;
pub mod wire;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use ::mongodb::{Collection, Database};
pub use app::{App, InProcess, Live, StartError, Startup};
pub use auth::{Sessions, User};
pub use dispatch::InvocationId;
pub use emit::{AckError, EmitError, Emitter, Event, Recipients};
pub use error::{Code, Error, ErrorCase, HandlerError};
pub use extract::{
    Attached, Data, EventName, Extract, Guard, Handlers, Handshake, HandshakeAuth, HandshakeQuery, Next, Path,
    Provided, Valid,
};
pub use health::ReadinessPart;
pub use lambdio_macros::{HandlerError, connect, disconnect, event, guard, handler, middleware, payload, route};
pub use mongo::Stored;
pub use presence::{NamespacePresence, Presence, PresenceEntry, PresenceError};
pub use reply::{Download, Html, Raw, Reply, WithStatus};
pub use socket::{Disconnected, JoinError, Socket, SocketId};
pub use std::process::ExitCode;
pub use transport::DisconnectReason;
pub use wire::{Args, Binary, Id, InvalidId, InvalidTimestamp, Timestamp};
