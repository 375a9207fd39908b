//! The way of a request: origin, then Socket.IO, then the routes.

use super::{
    origin::Origins,
    routes::{respond, router},
};
use crate::{
    app::AppState,
    dispatch::{InvocationId, Work, log_failure},
    error::{Code, Error},
};
use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use hyper::{Request, body::Incoming};
use socketioxide::{layer::SocketIoLayer, service::SocketIoService};
use std::{convert::Infallible, net::SocketAddr, sync::Arc};
use tower::{Layer, ServiceExt};

/// Everything that is served.
#[derive(Clone)]
pub(crate) struct Service {
    origins: Arc<Origins>,
    /// Where Socket.IO is served.
    path: Arc<str>,
    work: Arc<Work>,
    /// Socket.IO stands around the router, not in it: axum would make a new one, without any session, for each request
    /// that meets its fallback.
    socketio: SocketIoService<Router>,
}

impl Service {
    /// Everything that is served on `address`: Socket.IO, the routes of the registry, and `extra` for the rest.
    pub fn new(app: &Arc<AppState>, extra: Option<Router>, socketio: &SocketIoLayer, address: SocketAddr) -> Self {
        let origins = Arc::new(Origins::new(&app.config, address));
        let path = app.settings().socketio.path.clone();
        Self { origins, path: path.into(), work: app.work.clone(), socketio: socketio.layer(router(app, extra)) }
    }

    /// Refuses pages of other origins, and new sessions while the server stops: a client tries again after this answer,
    /// but never after a refused CONNECT.
    fn admit(&self, request: &Request<Body>) -> Result<(), Error> {
        self.origins.check(request)?;
        let uri = request.uri();
        let opens = uri.path().starts_with(&*self.path) && !uri.query().is_some_and(|query| query.contains("sid="));
        if opens && self.work.is_draining() { Err(Code::ShuttingDown.into()) } else { Ok(()) }
    }

    /// Answers a request of `peer`.
    pub async fn serve(self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response, Infallible> {
        let mut request = request.map(Body::new);
        if let Err(error) = self.admit(&request) {
            let id = InvocationId::next();
            log_failure(&error, id, request.method().as_str(), request.uri().path());
            return Ok(respond(&error, id));
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        Ok(self.socketio.oneshot(request).await?.map(Body::new))
    }
}
