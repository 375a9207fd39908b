//! HTTP: routes and the listener.
//!
//! - `listener`: accepts connections.
//! - `service`: the way of a request: origin, then Socket.IO, then the routes.
//! - `origin`: which web pages may talk to us.
//! - `routes`: serves `#[route]`s, and answers for everything that is none.

mod listener;
mod origin;
mod routes;
mod service;

pub(crate) use listener::Listener;
pub(crate) use service::Service;
