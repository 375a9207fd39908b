//! HTTP: routes and the listener.
//!
//! - `listener`: accepts connections.
//! - `routes`: serves `#[route]`s, and answers for everything that is none.

mod listener;
mod routes;

pub(crate) use listener::Listener;
pub(crate) use routes::router;
