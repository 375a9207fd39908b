//! The parameters of a route's path.

use super::Extract;
use crate::{
    context::HttpContext,
    error::{Code, Error},
    wire::{Payload, inbound::Misfit},
};
use axum::extract::FromRequestParts;

/// The parameters of a route's path: `#[route(get = "/documents/{id}")]` with `Path(id): Path<Id>`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T: Payload> Extract<HttpContext> for Path<T> {
    type Rejection = Error;

    async fn extract(cx: &mut HttpContext) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(cx.parts_mut(), &()).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            // the client wrote a parameter that does not fit
            Err(rejection) if rejection.status().is_client_error() => {
                Err(Misfit::of("path", &rejection.body_text()).into())
            }
            // the author asks for other parameters than the path has
            Err(rejection) => Err(Error::new(Code::Internal).with_cause(rejection)),
        }
    }
}
