//! The context of `#[middleware(event)]`.

use super::{Context, EventContext, HasEvent, HasHandshake, HasPayload, HasSocket, HasUser};
use crate::{
    app::AppState,
    auth::User,
    dispatch::InvocationId,
    error::{Code, Error},
    extract::{Handshake, Next},
    reply::Reply,
    socket::Socket,
    wire::Payload,
};

/// What `#[middleware(event)]` extracts from: an event, and what is still to come.
pub struct MiddlewareContext {
    event: EventContext,
    next: Option<Next>,
}

impl MiddlewareContext {
    pub(crate) fn new(next: Next) -> Self {
        Self { event: next.event().clone(), next: Some(next) }
    }

    /// What is still to come. It is there once: an event is served once.
    pub(crate) fn take_next(&mut self) -> Result<Next, Error> {
        self.next.take().ok_or_else(|| Error::new(Code::Internal).with_cause("a middleware takes `Next` twice"))
    }
}

impl Context for MiddlewareContext {
    type Output = Reply;

    fn invocation(&self) -> InvocationId {
        self.event.invocation()
    }

    fn app(&self) -> &AppState {
        self.event.app()
    }
}

impl HasEvent for MiddlewareContext {
    fn event_context(&self) -> &EventContext {
        &self.event
    }
}

impl HasSocket for MiddlewareContext {
    fn socket(&self) -> &Socket {
        self.event.socket()
    }
}

impl HasUser for MiddlewareContext {
    async fn user(&mut self) -> Result<Option<User>, Error> {
        self.event.user().await
    }
}

impl HasHandshake for MiddlewareContext {
    fn handshake(&self) -> Result<Handshake, Error> {
        self.event.handshake()
    }
}

impl HasPayload for MiddlewareContext {
    const PLACE: &'static str = "[0]";

    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        self.event.payload().await
    }
}
