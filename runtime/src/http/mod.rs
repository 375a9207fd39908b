//! HTTP: routes and the listener.
//!
//! A connection:
//! - `listener`: accepts connections.
//! - `places`: how many may be here at once, in all and from one address.
//! - `descriptors`, `shortage`: the files a process may open, and what happens when there are no more.
//! - `connection`, `tls`: one connection, encrypted where the settings say so.
//! - `read_ahead`: reads much at once, keeps little, and gives way to other connections.
//! - `in_memory`: connections inside this process.
//! - `stall`: ends connections whose peer does not read; `linger`: waits for a peer that still sends.
//! - `front`: what the settings say of all this, made ready; swapped by a reload.
//!
//! A request:
//! - `serve`: what answers requests; `starting`: what clients are told while the application starts.
//! - `service`: the way of a request: origin, client, then Socket.IO, then the routes.
//! - `detached`: requests that hold on to nothing, since sessions keep them.
//! - `origin`: which web pages may talk to us; `cors`: how their browsers are told.
//! - `purpose`: what it wants of Socket.IO.
//! - `clients`, `proxies`: who sends it, directly or through a proxy, and whether there is room for them.
//! - `body`: what it sends, which has to be here in time.
//! - `owners`: whose a polling session is.
//! - `sessions`: requests of Socket.IO sessions that exist already.
//! - `routes`: serves `#[route]`s; `media_type`: the types of body they take.
//! - `unrouted`: answers what no route serves: with a file of `pages`, through the application's own router, with an error.

mod body;
mod clients;
mod connection;
mod cors;
mod descriptors;
mod detached;
mod front;
mod in_memory;
mod linger;
mod listener;
mod media_type;
mod origin;
mod owners;
mod pages;
mod places;
mod proxies;
mod purpose;
mod read_ahead;
mod routes;
mod serve;
mod service;
mod sessions;
mod shortage;
mod stall;
mod starting;
mod tls;
mod unrouted;

pub(crate) use body::Late;
pub(crate) use clients::Clients;
pub(crate) use front::Front;
pub(crate) use in_memory::InMemory;
pub(crate) use listener::{ListenError, Listener};
pub(crate) use media_type::MediaTypes;
pub(crate) use pages::{Pages, PagesError};
pub(crate) use service::Service;
pub(crate) use stall::StallGuard;
pub(crate) use starting::Starting;
pub(crate) use tls::{TlsError, check as check_tls};
