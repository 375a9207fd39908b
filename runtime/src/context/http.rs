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
    extract::{ConnectInfo, Request},
    http::{header::CONTENT_TYPE, request::Parts},
    response::Response,
};
use bytes::Bytes;
use http_body_util::LengthLimitError;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// What `#[route]` extracts from: one HTTP request.
pub struct HttpContext {
    id: InvocationId,
    app: Arc<AppState>,
    parts: Parts,
    body: RequestBody,
    max_payload_size: usize,
}

enum RequestBody {
    Unread(Body),
    Read(Bytes),
}

impl HttpContext {
    /// A body of more than `max_payload_size` bytes is not read.
    pub(crate) fn new(id: InvocationId, app: Arc<AppState>, request: Request, max_payload_size: usize) -> Self {
        let (parts, body) = request.into_parts();
        Self { id, app, parts, body: RequestBody::Unread(body), max_payload_size }
    }

    /// The request's head: method, path, headers, extensions.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The client's address, as the handshake says it.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|client| client.0.ip())
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Parts {
        &mut self.parts
    }

    /// Reads the body, up to the route's `max_payload_size`, which is `socketio.max_message_size` unless said otherwise. It may be asked for more than once.
    ///
    /// # Errors
    /// `payload_too_large` beyond the limit.
    pub async fn body(&mut self) -> Result<Bytes, Error> {
        let body = match &mut self.body {
            RequestBody::Read(bytes) => return Ok(bytes.clone()),
            RequestBody::Unread(body) => std::mem::take(body),
        };
        let limit = self.max_payload_size;
        let bytes = axum::body::to_bytes(body, limit).await.map_err(|error| unread(error, limit))?;
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
    const PLACE: &'static str = "";

    /// The body as JSON; an empty one is null.
    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        let body = self.body().await?;
        if !body.is_empty() && !is_json(&self.parts) {
            return Err(
                Misfit::of("", "the body has to be JSON, with the header content-type: application/json").into()
            );
        }
        let text: &[u8] = if body.is_empty() { b"null" } else { &body };
        let deserializer = &mut serde_json::Deserializer::from_slice(text);
        serde_path_to_error::deserialize(deserializer).map_err(|error| Misfit::at("", error).into())
    }
}

impl HasHandshake for HttpContext {
    fn handshake(&self) -> Result<Handshake, Error> {
        Ok(Handshake::from_parts(&self.parts))
    }
}

/// Why a body could not be read: it is too large, or the client broke off.
fn unread(error: axum::Error, limit: usize) -> Error {
    let error = error.into_inner();
    if error.is::<LengthLimitError>() {
        let problem = format!("the body is larger than {limit} bytes");
        return Error::new(Code::PayloadTooLarge).with_message(problem);
    }
    Error::from(Misfit::of("", "the body ends before its end")).with_cause(error)
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
