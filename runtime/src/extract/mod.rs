//! A handler's arguments.
//!
//! | argument | gives | in |
//! |---|---|---|
//! | [`Data<T>`] | the payload, decoded | events, routes |
//! | [`Valid<T>`] | the payload, decoded and checked by the rules of its type | events, routes |
//! | [`Args<T>`](crate::Args) | all arguments of the event | events |
//! | [`Binary`](crate::Binary) | the first argument as bytes, or the body as it came | events, routes |
//! | [`Socket`](crate::Socket) | rooms, data, sending | events, connect, disconnect |
//! | [`Presence`](crate::Presence) | who is there | events, connect, disconnect |
//! | [`User`](crate::User), `Option<User>`, `User<Claims>` | who is logged in | everywhere |
//! | [`Sessions`](crate::auth::Sessions) | finding users, ending sessions, giving roles | everywhere |
//! | [`Collection<T>`](crate::Collection), [`Database`](crate::Database) | MongoDB, the official driver's types | everywhere |
//! | [`Provided<T>`] | what the application provides | everywhere |
//! | [`Emitter`](crate::Emitter) | sending to anybody | everywhere |
//! | [`Handshake`], [`HandshakeQuery<T>`] | headers, query, address | everywhere |
//! | [`HandshakeAuth<T>`] | what the client gave as `auth` | connect, connect middleware |
//! | [`DisconnectReason`](crate::DisconnectReason) | what ended the connection | disconnect |
//! | [`Path<T>`] | the path's parameters | routes |
//! | [`EventName`] | the event's name | events |
//! | [`Attached<T>`] | what a middleware left | events |
//! | [`Next`] | what is still to come | event middleware |
//! | [`InvocationId`](crate::InvocationId) | the invocation's name | everywhere |
//! | [`Handlers`] | what is registered | everywhere |
//!
//! Event middleware takes what events have, connect middleware what connect has; a [`Guard`] takes what its handler has.

mod attached;
mod data;
mod database;
mod event_name;
mod guard;
mod handlers;
mod handshake;
mod next;
mod path;
mod presence;
mod provided;
mod sessions;
mod socket;
mod user;
mod valid;

pub use attached::Attached;
pub use data::Data;
pub use event_name::EventName;
pub use guard::{Guard, Verdict};
pub use handlers::Handlers;
pub use handshake::{Handshake, HandshakeAuth, HandshakeQuery};
pub use next::Next;
pub use path::Path;
pub use provided::Provided;
pub use valid::{Rules, Valid};

use crate::{context::Context, error::HandlerError, registry::Needs};

/// A type that can be an argument of a handler.
///
/// Open to authors: implement it for a type of your own, generic over what the context has to offer.
///
/// ```
/// use lambdio::{context::HasUser, prelude::*};
///
/// /// Somebody whose name ends in `-admin`.
/// struct Admin(User);
///
/// impl<C: HasUser> Extract<C> for Admin {
///     type Rejection = lambdio::Error;
///
///     async fn extract(cx: &mut C) -> Result<Self, Self::Rejection> {
///         let user = User::extract(cx).await?;
///         if user.name().ends_with("-admin") { Ok(Admin(user)) } else { Err(Code::Forbidden.into()) }
///     }
///
///     fn declare(needs: &mut Needs) {
///         <User as Extract<C>>::declare(needs);
///     }
/// }
///
/// #[handler(namespace = "/admin", event = "wipe")]
/// async fn wipe(admin: Admin) -> String {
///     format!("wiped by {}", admin.0.name())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument here",
    label = "no extractor for `{C}`",
    note = "arguments are `Data<T>`, `Args<T>`, `Socket`, `User`, `Option<User>`, `Collection<T>`, `Database`, `Provided<T>`, `Emitter`, `Handshake`, … or a type of your own that implements `Extract<{C}>`",
    note = "`Data` and `Args` need a payload, `Socket` needs a connection: see the table in `lambdio::extract`"
)]
pub trait Extract<C: Context>: Sized + Send {
    /// Why the argument could not be had. It is the handler's answer then.
    type Rejection: HandlerError;

    /// Gets the value from the context.
    fn extract(cx: &mut C) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;

    /// Says at start what a handler with this argument needs, so that a missing part is a start error.
    fn declare(needs: &mut Needs) {
        let _ = needs;
    }
}
