//! The payload.

use super::Extract;
use crate::{
    context::{EventContext, HasEvent, HasPayload, HttpContext, MiddlewareContext},
    error::Error,
    registry::Needs,
    wire::{Args, Binary, Payload, ReceiveArgs},
};

/// The payload, decoded: the first argument of an event, or the JSON body of a request.
///
/// It is the first argument whatever the shape of `T`; a missing one is null; surplus arguments are ignored. A payload
/// that does not fit is answered with `invalid_payload` and the path of the field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Data<T>(pub T);

impl<C: HasPayload, T: Payload> Extract<C> for Data<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.payload().await.map(Data)
    }

    fn declare(needs: &mut Needs) {
        needs.payload::<T>();
    }
}

/// The first argument, which has to be binary.
impl Extract<EventContext> for Binary {
    type Rejection = Error;

    async fn extract(cx: &mut EventContext) -> Result<Self, Error> {
        cx.payload().await
    }

    fn declare(needs: &mut Needs) {
        needs.payload::<Binary>();
    }
}

/// The first argument, which has to be binary.
impl Extract<MiddlewareContext> for Binary {
    type Rejection = Error;

    async fn extract(cx: &mut MiddlewareContext) -> Result<Self, Error> {
        cx.payload().await
    }
}

/// The body as it came, whatever its type. A route that changes something refuses the three that a form of another site can
/// send (`text/plain`, `multipart/form-data` and `application/x-www-form-urlencoded`), and none.
impl Extract<HttpContext> for Binary {
    type Rejection = Error;

    async fn extract(cx: &mut HttpContext) -> Result<Self, Error> {
        cx.body().await.map(Binary::from)
    }

    fn declare(needs: &mut Needs) {
        needs.raw_body();
        needs.payload::<Binary>();
    }
}

impl<C: HasEvent, T: ReceiveArgs> Extract<C> for Args<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.event_context().arguments()
    }

    fn declare(needs: &mut Needs) {
        needs.payload::<Args<T>>();
    }
}
