//! The context of `#[route]`.

use super::{Context, HasHandshake, HasPayload, HasUser};
use crate::{
    app::AppState,
    auth::User,
    dispatch::InvocationId,
    error::{Code, Error},
    extract::Handshake,
    http::{Late, MediaTypes},
    log,
    wire::{Payload, inbound::Misfit},
};
use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    http::request::Parts,
    response::Response,
};
use bytes::Bytes;
use http_body_util::LengthLimitError;
use std::{
    error::Error as StdError,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

/// What is wrong with a body whose client broke off.
const UNFINISHED: &str = "the body ends before its end";

/// What `#[route]` extracts from: one HTTP request.
pub struct HttpContext {
    id: InvocationId,
    app: Arc<AppState>,
    parts: Parts,
    body: RequestBody,
    /// How long reading the body took, once it is over.
    waited_for_body: Option<Duration>,
    max_payload_size: usize,
    /// Who sends it, once somebody has asked.
    user: Asker,
}

/// Who sends a request.
enum Asker {
    Unknown,
    Known(Option<User>),
}

enum RequestBody {
    Unread(Body),
    /// Somebody waits for it since then, or did when their time was up.
    Coming(Instant),
    Read(Bytes),
    /// It could not be read.
    Lost,
}

impl HttpContext {
    /// A body of more than `max_payload_size` bytes is not read.
    pub(crate) fn new(id: InvocationId, app: Arc<AppState>, request: Request, max_payload_size: usize) -> Self {
        let (parts, body) = request.into_parts();
        let body = RequestBody::Unread(body);
        Self { id, app, parts, body, waited_for_body: None, max_payload_size, user: Asker::Unknown }
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

    /// Reads the body, up to the route's `max_payload_size`, which is `socketio.max_message_size` unless said otherwise. It may
    /// be asked for more than once.
    ///
    /// An extractor for bodies that are no JSON declares [`Needs::raw_body`](crate::registry::Needs::raw_body).
    ///
    /// # Errors
    /// `payload_too_large` beyond the limit, `body_timeout` where it does not come within `server.body_timeout`,
    /// `invalid_payload` where the client breaks off.
    pub async fn body(&mut self) -> Result<Bytes, Error> {
        let body = match std::mem::replace(&mut self.body, RequestBody::Lost) {
            RequestBody::Unread(body) => body,
            RequestBody::Read(bytes) => {
                self.body = RequestBody::Read(bytes.clone());
                return Ok(bytes);
            }
            RequestBody::Coming(_) | RequestBody::Lost => return Err(Misfit::of("", UNFINISHED).into()),
        };
        let since = Instant::now();
        self.body = RequestBody::Coming(since);
        let limit = self.max_payload_size;
        let read = axum::body::to_bytes(body, limit).await.map_err(|error| unread(error, limit));
        self.waited_for_body = Some(since.elapsed());
        self.body = read.as_ref().map_or(RequestBody::Lost, |bytes| RequestBody::Read(bytes.clone()));
        read
    }

    /// Whether what is being done waits for the body.
    pub(crate) fn waits_for_body(&self) -> bool {
        matches!(self.body, RequestBody::Coming(_))
    }

    /// How long the body was waited for until now; `None` where nobody asked for it.
    pub(crate) fn waited_for_body(&self) -> Option<Duration> {
        match self.body {
            RequestBody::Coming(since) => Some(since.elapsed()),
            RequestBody::Unread(_) | RequestBody::Read(_) | RequestBody::Lost => self.waited_for_body,
        }
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
    /// Found out once, however often it is asked for.
    async fn user(&mut self) -> Result<Option<User>, Error> {
        if let Asker::Known(user) = &self.user {
            return Ok(user.clone());
        }
        let user = self.app.auth.user_of_request(&self.parts.headers).await?;
        log::found::user(user.as_ref());
        self.user = Asker::Known(user.clone());
        Ok(user)
    }
}

impl HasPayload for HttpContext {
    const PLACE: &'static str = "";

    /// The body as JSON; an empty one is null.
    async fn payload<T: Payload>(&mut self) -> Result<T, Error> {
        let body = self.body().await?;
        if !body.is_empty() {
            MediaTypes::Json.check(&self.parts.headers)?;
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

fn is_late(error: &(dyn StdError + 'static)) -> bool {
    error.is::<Late>() || error.source().is_some_and(is_late)
}

/// Why a body could not be read: it is too large, comes too slowly, or the client broke off.
fn unread(error: axum::Error, limit: usize) -> Error {
    let error = error.into_inner();
    if is_late(&*error) {
        return Error::new(Code::BodyTimeout).with_cause(error);
    }
    if error.is::<LengthLimitError>() {
        let problem = format!("the body is larger than {limit} bytes");
        return Error::new(Code::PayloadTooLarge).with_message(problem);
    }
    Error::from(Misfit::of("", UNFINISHED)).with_cause(error)
}
