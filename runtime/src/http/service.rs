//! The way of a request: origin, then Socket.IO, then the routes.

use super::{
    origin::Origins,
    routes::{respond, router},
};
use crate::{app::AppState, dispatch::InvocationId};
use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use hyper::{Request, body::Incoming};
use socketioxide::{layer::SocketIoLayer, service::SocketIoService};
use std::{convert::Infallible, net::SocketAddr, sync::Arc};
use tower::{Layer, ServiceExt};

/// Everything that is served.
#[derive(Clone)]
pub(crate) struct Service {
    origins: Arc<Origins>,
    /// Socket.IO stands around the router, not in it: axum would make a new one, without any session, for each request
    /// that meets its fallback.
    socketio: SocketIoService<Router>,
}

impl Service {
    /// Everything that is served on `address`: Socket.IO, the routes of the registry, and `extra` beside them.
    pub fn new(app: &Arc<AppState>, extra: Router, socketio: &SocketIoLayer, address: SocketAddr) -> Self {
        let origins = Arc::new(Origins::new(&app.config, address));
        Self { origins, socketio: socketio.layer(router(app, extra)) }
    }

    /// Answers a request of `peer`.
    pub async fn serve(self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response, Infallible> {
        let mut request = request.map(Body::new);
        if let Err(error) = self.origins.check(&request) {
            return Ok(respond(&error, InvocationId::next()));
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        Ok(self.socketio.oneshot(request).await?.map(Body::new))
    }
}
