//! What a handler gives back.
//!
//! - An event's reply is one argument of the acknowledgement, whatever its shape; [`Args`](crate::Args) spreads.
//! - A route's reply is JSON with status 200, nothing is 204; [`Html`], [`Download`],
//!   [`WithStatus`] and [`Raw`] say otherwise.
//! - `#[middleware(event)]` gives back a [`Reply`]: what is inside gave, or one of its own.
//! - `#[connect]`, `#[disconnect]` and `#[middleware(connect)]` give nothing back.
//!
//! Each may be wrapped in a `Result` whose error is a [`HandlerError`](crate::HandlerError).

mod download;
mod event;
mod http;

pub use self::download::Download;
pub use self::event::Reply;
pub(crate) use self::http::json;
pub use self::http::{Html, Raw, WithStatus};

use crate::{
    context::{ConnectContext, Context, DisconnectContext},
    error::Error,
    registry::Needs,
};

/// A type that a handler can give back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what this handler gives back",
    label = "not a reply here",
    note = "an event handler or a route gives back any type with `#[payload]`, nothing, or a `Result` of it and a `HandlerError`",
    note = "`#[middleware(event)]` gives back a `Reply` or a `Result` of it",
    note = "`#[connect]`, `#[disconnect]` and `#[middleware(connect)]` give back nothing or a `Result<(), _>`"
)]
pub trait Respond<C: Context>: Sized {
    /// Makes of it what the runtime sends.
    #[doc(hidden)]
    fn respond(self, cx: &mut C) -> Result<C::Output, Error>;

    /// Says at start what the reply looks like.
    #[doc(hidden)]
    fn declare(needs: &mut Needs) {
        let _ = needs;
    }
}

impl Respond<ConnectContext> for () {
    fn respond(self, _: &mut ConnectContext) -> Result<(), Error> {
        Ok(())
    }
}

impl Respond<DisconnectContext> for () {
    fn respond(self, _: &mut DisconnectContext) -> Result<(), Error> {
        Ok(())
    }
}
