//! The way of a request: origin, then Socket.IO, then the routes.

use super::{
    origin::Origins,
    routes::{respond, router},
};
use crate::{
    app::AppState,
    dispatch::{InvocationId, Work, log_failure},
    error::{Code, Error},
    transport::{Link, Sessions},
};
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::ConnectInfo,
    http::{HeaderValue, Method, StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use hyper::{Request, body::Incoming};
use socketioxide::{layer::SocketIoLayer, service::SocketIoService, socket::Sid};
use std::{convert::Infallible, net::SocketAddr, sync::Arc};
use tower::{Layer, ServiceExt};

/// Everything that is served.
#[derive(Clone)]
pub(crate) struct Service {
    origins: Arc<Origins>,
    /// Where Socket.IO is served.
    path: Arc<str>,
    work: Arc<Work>,
    sessions: Arc<Sessions>,
    /// Socket.IO stands around the router, not in it: axum would make a new one, without any session, for each request
    /// that meets its fallback.
    socketio: SocketIoService<Router>,
}

impl Service {
    /// Everything that is served on `address`: Socket.IO, the routes of the registry, and `extra` for the rest.
    pub fn new(app: &Arc<AppState>, extra: Option<Router>, socketio: &SocketIoLayer, address: SocketAddr) -> Self {
        let origins = Arc::new(Origins::new(&app.config, address));
        let path = app.settings().socketio.path.clone();
        Self {
            origins,
            path: path.into(),
            work: app.work.clone(),
            sessions: app.sessions.clone(),
            socketio: socketio.layer(router(app, extra)),
        }
    }

    /// Refuses pages of other origins, and new sessions while the server stops: a client tries again after this answer,
    /// but never after a refused CONNECT.
    fn admit(&self, request: &Request<Body>) -> Result<(), Error> {
        self.origins.check(request)?;
        let uri = request.uri();
        let opens = uri.path().starts_with(&*self.path) && !uri.query().is_some_and(|query| query.contains("sid="));
        if opens && self.work.is_draining() { Err(Code::ShuttingDown.into()) } else { Ok(()) }
    }

    /// Answers a request of `peer` that came over `link`.
    pub async fn serve(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
        link: Arc<Link>,
    ) -> Result<Response, Infallible> {
        let mut request = request.map(Body::new);
        if let Err(error) = self.admit(&request) {
            let id = InvocationId::next();
            log_failure(&error, id, request.method().as_str(), request.uri().path());
            return Ok(respond(&error, id));
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(link.clone());
        match self.session_of(&request) {
            Some(sid) => self.serve_session(sid, request, &link).await,
            None => Ok(self.socketio.oneshot(request).await?.map(Body::new)),
        }
    }

    /// The session that a request belongs to, if it is one of Socket.IO.
    fn session_of(&self, request: &Request<Body>) -> Option<Sid> {
        let uri = request.uri();
        let query = uri.query().filter(|_| uri.path().starts_with(&*self.path))?;
        query.split('&').find_map(|pair| pair.strip_prefix("sid="))?.parse().ok()
    }

    /// Answers a request of a session that exists already: a poll, a post, or the move to a websocket.
    async fn serve_session(self, sid: Sid, request: Request<Body>, link: &Arc<Link>) -> Result<Response, Infallible> {
        let session = self.sessions.find(sid);
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
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            self.sessions.move_to(sid, link);
        } else if polls && let (Some(session), Some(bytes)) = (session, response.body().size_hint().exact()) {
            session.polled(bytes);
        }
        Ok(response)
    }

    /// Ends a polling session in the name of its client: the transport offers no other way.
    async fn end_polling(self, uri: Uri) -> Result<Response, Infallible> {
        const CLOSE: &str = "1";
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
