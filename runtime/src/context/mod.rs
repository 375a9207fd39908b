//! What a handler's arguments are extracted from, one context per kind of handler.
//!
//! | context | of | has |
//! |---|---|---|
//! | [`EventContext`] | `#[handler]` | event, socket, user, payload, handshake |
//! | [`MiddlewareContext`] | `#[middleware(event)]` | what the event has, and what is still to come |
//! | [`ConnectContext`] | `#[connect]`, `#[middleware(connect)]` | socket, user, handshake, the handshake's `auth` |
//! | [`DisconnectContext`] | `#[disconnect]` | socket, user, handshake, the reason |
//! | [`HttpContext`] | `#[route]` | user, payload, handshake (the request's head) |
//!
//! An extractor asks for the capabilities it needs ([`HasEvent`], [`HasSocket`],
//! [`HasUser`], [`HasPayload`], [`HasHandshake`]), so
//! that `Data` in a disconnect handler or `Socket` in a route does not compile.

mod connect;
mod disconnect;
mod event;
mod http;
mod middleware;
mod of_socket;

pub use self::http::HttpContext;
pub use connect::ConnectContext;
pub use disconnect::DisconnectContext;
pub use event::EventContext;
pub use middleware::MiddlewareContext;

use crate::{
    app::AppState, auth::User, dispatch::InvocationId, error::Error, extract::Handshake, socket::Socket, wire::Payload,
};

/// What every context has.
pub trait Context: Send + 'static {
    /// What an invocation gives back to the runtime.
    #[doc(hidden)]
    type Output: Send;

    /// Names this invocation in logs and answers.
    fn invocation(&self) -> InvocationId;

    /// The application.
    #[doc(hidden)]
    fn app(&self) -> &AppState;
}

/// A context with a socket.
#[diagnostic::on_unimplemented(
    message = "there is no socket in a `{Self}`",
    label = "needs a socket",
    note = "`#[handler]`, `#[connect]`, `#[disconnect]` and `#[middleware]` have a socket, a route has none: see the table in `lambdio::extract`"
)]
pub trait HasSocket: Context {
    /// The socket the invocation belongs to.
    fn socket(&self) -> &Socket;
}

/// A context with an event: its name, all its arguments, what middleware attached to it.
#[diagnostic::on_unimplemented(
    message = "there is no event in a `{Self}`",
    label = "needs an event",
    note = "`#[handler]` and `#[middleware(event)]` have an event: see the table in `lambdio::extract`"
)]
pub trait HasEvent: HasSocket + HasPayload {
    /// The event.
    fn event_context(&self) -> &EventContext;
}

/// A context with a user, if somebody is logged in.
pub trait HasUser: Context {
    /// Who is logged in.
    ///
    /// # Errors
    /// `unauthenticated` where credentials were sent that are not valid, `unavailable` where nobody can tell now.
    fn user(&mut self) -> impl Future<Output = Result<Option<User>, Error>> + Send;
}

/// A context with a payload.
#[diagnostic::on_unimplemented(
    message = "there is no payload in a `{Self}`",
    label = "needs a payload",
    note = "`#[handler]`, `#[middleware(event)]` and `#[route]` have a payload: see the table in `lambdio::extract`"
)]
pub trait HasPayload: Context {
    /// Where the payload stands, for paths: `[0]` is an event's first argument, nothing is a body.
    #[doc(hidden)]
    const PLACE: &'static str;

    /// Decodes the payload. It may be decoded more than once.
    ///
    /// # Errors
    /// `invalid_payload` with path and reason where it does not fit, `payload_too_large` where it is too large.
    fn payload<T: Payload>(&mut self) -> impl Future<Output = Result<T, Error>> + Send;
}

/// A context with the request that began it all.
pub trait HasHandshake: Context {
    /// Headers, query and address of the request: of the connection's first request, or of the route's.
    ///
    /// # Errors
    /// `internal` where the connection is gone already.
    fn handshake(&self) -> Result<Handshake, Error>;
}
