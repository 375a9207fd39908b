//! Whose a polling session is.
//!
//! Who knows the id of an Engine.IO session can post to it and read from it. A session that began with a cookie of the
//! accounts belongs to that log-in: each of its requests has to bring a cookie of the same log-in, which may have been refreshed.

use super::purpose::Purpose;
use crate::{
    auth::{Auth, SessionId},
    error::{Code, Error},
};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use socketioxide::socket::Sid;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// The Engine.IO sessions that began with a cookie, and whose that was.
pub(super) struct Owners {
    auth: Arc<Auth>,
    table: Arc<Table>,
}

#[derive(Default)]
struct Table(Mutex<HashMap<Sid, SessionId>>);

/// In the extensions of the request that opened a session, which Socket.IO keeps until the session's end.
struct Mark {
    sid: OnceLock<Sid>,
    table: Arc<Table>,
}

/// A session that is being opened with a cookie.
pub(super) struct Opening {
    owner: SessionId,
    mark: Arc<Mark>,
}

/// An open packet is never larger (Engine.IO protocol, revision 4: "Handshake").
const OPEN_PACKET: usize = 4096;

impl Owners {
    pub fn new(auth: Arc<Auth>) -> Self {
        Self { auth, table: Arc::default() }
    }

    /// A session is about to be opened. `None` where its requests are its own anyway, or have no cookie of ours.
    pub fn opens(&self, request: &mut Request<Body>, purpose: Purpose) -> Option<Opening> {
        let opener = self.auth.opener(request.headers());
        let session = opener.as_ref().map(|opener| opener.session().clone());
        if let Some(opener) = opener {
            request.extensions_mut().insert(opener);
        }
        if purpose != Purpose::OpenPolling {
            return None;
        }
        let owner = session.or_else(|| self.auth.cookie_session(request.headers()))?;
        let mark = Arc::new(Mark { sid: OnceLock::new(), table: self.table.clone() });
        request.extensions_mut().insert(mark.clone());
        Some(Opening { owner, mark })
    }

    /// Whether a request may speak for a session.
    ///
    /// # Errors
    /// `forbidden` where the session began with a cookie, and this request has none of the same log-in.
    pub fn check(&self, sid: Sid, headers: &HeaderMap) -> Result<(), Error> {
        let owner = self.table.lock().get(&sid).cloned();
        if owner.is_none() || owner == self.auth.cookie_session(headers) {
            return Ok(());
        }
        let problem = "this session began with a cookie of another log-in: connect anew";
        Err(Error::new(Code::Forbidden).with_message(problem))
    }
}

impl Opening {
    /// The session is open: from now on it has its owner. Gives the answer back as it was.
    pub async fn opened(self, response: Response) -> Response {
        if response.status() != StatusCode::OK {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, OPEN_PACKET).await else {
            tracing::error!("an open packet is larger than {OPEN_PACKET} bytes: the session is not opened");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        if let Some(sid) = sid_of(&bytes) {
            self.mark.table.lock().insert(sid, self.owner);
            // it is set once, here
            let _ = self.mark.sid.set(sid);
        }
        Response::from_parts(parts, Body::from(bytes))
    }
}

/// The session's id in an open packet: `0{"sid":"…",…}`.
fn sid_of(packet: &[u8]) -> Option<Sid> {
    #[derive(Deserialize)]
    struct Open<'a> {
        sid: &'a str,
    }
    let open: Open<'_> = serde_json::from_slice(packet.strip_prefix(b"0")?).ok()?;
    open.sid.parse().ok()
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, HashMap<Sid, SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        if let Some(sid) = self.sid.get() {
            self.table.lock().remove(sid);
        }
    }
}
