//! The socket and what belongs to it.

use super::Extract;
use crate::{
    context::{Context, DisconnectContext, HasSocket},
    dispatch::InvocationId,
    emit::Emitter,
    socket::Socket,
    transport::DisconnectReason,
};
use std::convert::Infallible;

impl<C: HasSocket> Extract<C> for Socket {
    type Rejection = Infallible;

    async fn extract(cx: &mut C) -> Result<Self, Infallible> {
        Ok(cx.socket().clone())
    }
}

impl Extract<DisconnectContext> for DisconnectReason {
    type Rejection = Infallible;

    async fn extract(cx: &mut DisconnectContext) -> Result<Self, Infallible> {
        Ok(cx.reason())
    }
}

impl<C: Context> Extract<C> for Emitter {
    type Rejection = Infallible;

    async fn extract(cx: &mut C) -> Result<Self, Infallible> {
        Ok(Emitter::new(cx.app().sender.clone()))
    }
}

impl<C: Context> Extract<C> for InvocationId {
    type Rejection = Infallible;

    async fn extract(cx: &mut C) -> Result<Self, Infallible> {
        Ok(cx.invocation())
    }
}
