//! Replies of event handlers.

use super::Respond;
use crate::{
    context::EventContext,
    error::{Code, Error},
    registry::Needs,
    wire::{self, Args, Arguments, Encoded, SendArgs, Single, Spread},
};

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
        if !cx.wants_reply() {
            return Ok(Self(None));
        }
        match arguments.encode() {
            Ok(encoded) => Ok(Self(Some(encoded))),
            Err(error) => Err(Error::new(Code::Internal).with_cause(error)),
        }
    }

    /// The acknowledgement's arguments, if there are to be any.
    pub(crate) fn encoded(&self) -> Option<&Encoded> {
        self.0.as_ref()
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
