//! The context of `#[route]`.

use super::{Context, HasHandshake, HasPayload, HasUser};
use crate::{
    app::AppState,
    auth::User,
    dispatch::InvocationId,
    error::{Code, Error},
    extract::Handshake,
    wire::{Payload, inbound::Misfit},
};
use axum::{
    body::Body,
    http::{header::CONTENT_TYPE, request::Parts},
    response::Response,
};
use bytes::Bytes;
use std::sync::Arc;

/// What `#[route]` extracts from: one HTTP request.
pub struct HttpContext {
    id: InvocationId,
    app: Arc<AppState>,
    parts: Parts,
    body: RequestBody,
}

enum RequestBody {
    Unread(Body),
    Read(Bytes),
}

impl HttpContext {
    pub(crate) fn new(id: InvocationId, app: Arc<AppState>, parts: Parts, body: Body) -> Self {
        Self { id, app, parts, body: RequestBody::Unread(body) }
    }

    /// The request's head: method, path, headers, extensions.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Parts {
        &mut self.parts
    }

    /// Reads the body, up to `socketio.max_message_size`. It may be asked for more than once.
    ///
    /// # Errors
    /// `payload_too_large` beyond the limit.
    pub async fn body(&mut self) -> Result<Bytes, Error> {
        let body = match &mut self.body {
            RequestBody::Read(bytes) => return Ok(bytes.clone()),
            RequestBody::Unread(body) => std::mem::take(body),
        };
        let limit = self.app.settings().socketio.max_message_size.as_usize();
        let bytes = axum::body::to_bytes(body, limit)
            .await
            .map_err(|error| Error::new(Code::PayloadTooLarge).caused_by(error))?;
        self.body = RequestBody::Read(bytes.clone());
        Ok(bytes)
    }
}

impl Context for HttpContext {
    type Output = Response;

    fn invocation(&self) -> InvocationId {
        self.id
    }

    fn app(&self) -> &AppState {
        &self.app
    }
}

impl HasUser for HttpContext {
    fn user(&mut self) -> Result<Option<User>, Error> {
        self.app.user_of_request(&self.parts.headers)
    }
}

impl HasPayload for HttpContext {
    /// The body as JSON; an empty one is null.
    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        let body = self.body().await?;
        if !body.is_empty() && !is_json(&self.parts) {
            return Err(Error::new(Code::InvalidPayload)
                .message_is("the body has to be JSON with the header content-type: application/json"));
        }
        let text: &[u8] = if body.is_empty() { b"null" } else { &body };
        let deserializer = &mut serde_json::Deserializer::from_slice(text);
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let path = error.path().to_string();
            let misfit = Misfit { path, ..Misfit::from_text(&error.into_inner().to_string()) };
            Error::new(Code::InvalidPayload).details(misfit)
        })
    }
}

impl HasHandshake for HttpContext {
    fn handshake(&self) -> Result<Handshake, Error> {
        Ok(Handshake::from_parts(&self.parts))
    }
}

/// `application/json`, with or without parameters (RFC 8259, section 11).
fn is_json(parts: &Parts) -> bool {
    parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
