//! Requests of Engine.IO sessions that exist already: polls, posts, and the move to a websocket.

use super::{Service, routes::respond};
use crate::{error::Code, log::Ids, transport::Link};
use axum::{
    body::{Body, HttpBody},
    http::{HeaderValue, Method, Request, StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use socketioxide::socket::Sid;
use std::{convert::Infallible, sync::Arc};
use tower::ServiceExt;

/// The packet with which a client closes its session (Engine.IO protocol, revision 4).
const CLOSE: &str = "1";

impl Service {
    /// Answers a request of a session, unless the session is to end.
    pub(super) async fn serve_session(
        self,
        sid: Sid,
        request: Request<Body>,
        link: &Arc<Link>,
    ) -> Result<Response, Infallible> {
        let (session, id) = (self.sessions.find(sid), Ids::of(&request).invocation);
        let (polls, uri) = (request.method() == Method::GET, request.uri().clone());
        let ended = async {
            match &session {
                Some(session) => session.ended().await,
                None => std::future::pending().await,
            }
        };
        let response = tokio::select! {
            biased;
            () = ended => return self.end_polling(uri).await,
            response = self.socketio.clone().oneshot(request) => response?.map(Body::new),
        };
        if link.is_body_late() {
            // the transport takes it for one that is wrong
            return Ok(respond(&Code::BodyTimeout.into(), id));
        }
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            self.sessions.move_to(sid, link);
        } else if polls && let (Some(session), Some(bytes)) = (session, response.body().size_hint().exact()) {
            session.polled(bytes);
        }
        Ok(response)
    }

    /// Ends a polling session in the name of its client: the transport offers no other way.
    async fn end_polling(self, uri: Uri) -> Result<Response, Infallible> {
        let mut close = Request::post(uri);
        if let Some(headers) = close.headers_mut() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
        }
        if let Ok(close) = close.body(Body::from(CLOSE)) {
            self.socketio.oneshot(close).await?;
        }
        // as for a session that is not known
        Ok(StatusCode::BAD_REQUEST.into_response())
    }
}
