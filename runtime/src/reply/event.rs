//! Replies of event handlers.

use super::Respond;
use crate::{
    context::{EventContext, MiddlewareContext},
    error::{Code, Error},
    registry::Needs,
    wire::{self, Args, Arguments, Encoded, SendArgs, Single, Spread},
};
use serde::Serialize;

/// What an event is acknowledged with, ready to be sent.
///
/// It is empty where the client asked for no acknowledgement: nothing is encoded in vain then.
#[derive(Debug)]
pub struct Reply(Option<Encoded>);

impl Reply {
    /// Encodes the arguments for a client that waits for them.
    ///
    /// # Errors
    /// `internal` where they cannot be encoded.
    fn of(cx: &EventContext, arguments: &impl Arguments) -> Result<Self, Error> {
        if cx.wants_reply() { encode(arguments) } else { Ok(Self(None)) }
    }

    /// A reply of one's own, in place of the handler's: one argument, whatever its shape.
    ///
    /// It is encoded even where the client asked for no acknowledgement.
    ///
    /// ```
    /// use lambdio::prelude::*;
    ///
    /// #[middleware(event, namespace = "/shop", order = 1)]
    /// async fn closed_at_night(handshake: Handshake, next: Next) -> Result<Reply, lambdio::Error> {
    ///     if handshake.header("x-night").is_some() { Reply::new(&"come back tomorrow") } else { next.run().await }
    /// }
    /// ```
    ///
    /// # Errors
    /// `internal` where it cannot be encoded.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        encode(&Single(value))
    }

    /// A reply of several arguments, each value of the list as one.
    ///
    /// # Errors
    /// `internal` where it cannot be encoded.
    pub fn spread<T: SendArgs>(values: &Args<T>) -> Result<Self, Error> {
        encode(&Spread(&values.0))
    }

    /// The acknowledgement's arguments, if there are to be any.
    pub(crate) fn encoded(&self) -> Option<&Encoded> {
        self.0.as_ref()
    }
}

fn encode(arguments: &impl Arguments) -> Result<Reply, Error> {
    match arguments.encode() {
        Ok(encoded) => Ok(Reply(Some(encoded))),
        Err(error) => Err(Error::new(Code::Internal).with_cause(error)),
    }
}

/// A handler may hand on a reply that is encoded already.
impl Respond<EventContext> for Reply {
    fn respond(self, _: &mut EventContext) -> Result<Reply, Error> {
        Ok(self)
    }
}

/// A middleware answers with what is inside of it, or with a reply of its own.
impl Respond<MiddlewareContext> for Reply {
    fn respond(self, _: &mut MiddlewareContext) -> Result<Reply, Error> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: wire::Reply> Respond<EventContext> for T {
    fn respond(self, cx: &mut EventContext) -> Result<Reply, Error> {
        Reply::of(cx, &Single(&self))
    }

    fn declare(needs: &mut Needs) {
        needs.reply::<T>();
    }
}

impl<T: SendArgs> Respond<EventContext> for Args<T> {
    fn respond(self, cx: &mut EventContext) -> Result<Reply, Error> {
        Reply::of(cx, &Spread(&self.0))
    }

    fn declare(needs: &mut Needs) {
        needs.reply::<Args<T>>();
    }
}
