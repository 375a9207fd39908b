//! Crowds that come and go, many events in a row: what holds for few has to hold for thousands.
//!
//! Each of these asserts what it is named for and gives a [`Report`] of what it measured. Tests run them small;
//! `cargo bench -p lambdio-tests --bench long` runs them large. Most use the handlers of the probe in `/waves`.
//!
//! - `waves`: crowds that leave with and without a goodbye, and nothing behind.
//! - `convergence`: three people who write in one document, over networks that fail.
//! - `abandoned`: polling sessions that nobody polls any more.
//! - `crowd`: everybody at once, called once.
//! - `order`: numbered events, answered in order.
//! - `journal`: what was acknowledged is in the database, however often that is killed.
//! - `writer`: one of those who write; `guest`: one of a crowd; `census`: what a server has of them.

mod abandoned;
mod census;
mod convergence;
mod crowd;
mod guest;
mod journal;
mod order;
mod report;
mod waves;
mod writer;

pub use abandoned::abandoned;
pub use convergence::convergence;
pub use crowd::crowd;
pub use journal::journal;
pub use order::order;
pub use report::Report;
pub use waves::waves;

use crate::{Program, World};

/// The probe, open to thousands from one address, with a short log. Guests do not answer heartbeats: the one
/// that comes at once may wait.
fn probe(world: &World) -> Program {
    let probe = world.probe().set("server.max_connections=20000").set("server.max_connections_per_address=20000");
    probe.set("socketio.ping_interval=10m").set("socketio.ping_timeout=10m").env("LAMBDIO__LOG__LEVEL", "warn")
}
