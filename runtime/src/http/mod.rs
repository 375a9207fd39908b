//! HTTP: routes and the listener.
//!
//! - `listener`: accepts connections.
//! - `stall`: ends connections whose peer does not read.
//! - `service`: the way of a request: origin, then Socket.IO, then the routes.
//! - `origin`: which web pages may talk to us.
//! - `routes`: serves `#[route]`s, and answers for everything that is none.

mod listener;
mod origin;
mod routes;
mod service;
mod stall;

pub(crate) use listener::Listener;
pub(crate) use service::Service;
