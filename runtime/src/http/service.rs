//! The way of a request: origin, client, then Socket.IO, then the routes.

use super::{
    body::TimelyBody,
    clients::{Clients, Seat},
    cors,
    detached::detach,
    origin::{Origins, Page},
    owners::Owners,
    pages::Pages,
    purpose::Purpose,
    routes::{self, respond},
    unrouted::Unrouted,
};
use crate::{
    app::AppState,
    dispatch::{Failures, InvocationId, Work},
    error::{Code, Error},
    transport::{Link, Sessions},
};
use axum::{Router, body::Body, response::Response};
use http::{HeaderValue, StatusCode, header::X_CONTENT_TYPE_OPTIONS};
use hyper::{Request, body::Incoming};
use socketioxide::{layer::SocketIoLayer, service::SocketIoService};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tower::{Layer, ServiceExt};

/// Everything that is served.
#[derive(Clone)]
pub(crate) struct Service {
    origins: Arc<Origins>,
    clients: Arc<Clients>,
    owners: Arc<Owners>,
    /// Where Socket.IO is served.
    pub(super) path: Arc<str>,
    work: Arc<Work>,
    failures: Arc<Failures>,
    pub(super) sessions: Arc<Sessions>,
    body_timeout: Duration,
    /// Socket.IO stands around the router, not in it: axum would make a new one, without any session, for each request
    /// that meets its fallback.
    pub(super) socketio: SocketIoService<Router>,
}

impl Service {
    /// Everything that is served on `address`: Socket.IO, the routes of the registry, and for the rest first `pages`, then
    /// the application's own router.
    pub fn new(
        app: &Arc<AppState>,
        pages: Option<Pages>,
        router: Option<Router>,
        socketio: &SocketIoLayer,
        address: SocketAddr,
    ) -> Self {
        let origins = Arc::new(Origins::new(&app.config, address));
        let clients = Arc::new(Clients::new(&app.settings().server));
        let path = app.settings().socketio.path.as_str().into();
        let rest = Unrouted::new(pages, router, app.failures.clone());
        Self {
            origins,
            clients,
            owners: Arc::new(Owners::new(app.auth.clone())),
            path,
            work: app.work.clone(),
            failures: app.failures.clone(),
            sessions: app.sessions.clone(),
            body_timeout: app.settings().server.body_timeout,
            socketio: socketio.layer(routes::router(app, rest)),
        }
    }

    /// Refuses pages of other origins, and new sessions while the server stops: a client tries again after this answer,
    /// but never after a refused CONNECT.
    fn admit(&self, request: &Request<Body>, page: &Page, purpose: Purpose) -> Result<(), Error> {
        page.check(request, purpose)?;
        if let Purpose::Session(Some(sid)) = purpose {
            self.owners.check(sid, request.headers())?;
        }
        if purpose.opens() && self.work.is_draining() { Err(Code::ShuttingDown.into()) } else { Ok(()) }
    }

    /// Answers a request of `peer` that came over `link`. A websocket behind a proxy takes its connection's `seat`.
    pub(super) async fn serve(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
        link: Arc<Link>,
        seat: Seat,
    ) -> Result<Response, Infallible> {
        let request = request.map(|body| Body::new(TimelyBody::new(Body::new(body), self.body_timeout)));
        let page = self.origins.page(request.headers());
        if let Some(response) = cors::preflight(&request, &page) {
            return Ok(response);
        }
        let mut response = self.answer(request, &page, peer, link, seat).await?;
        cors::mark(&mut response, &page);
        trust_content_type(&mut response);
        Ok(response)
    }

    async fn answer(
        self,
        mut request: Request<Body>,
        page: &Page,
        peer: SocketAddr,
        link: Arc<Link>,
        seat: Seat,
    ) -> Result<Response, Infallible> {
        let purpose = Purpose::of(request.uri(), &self.path);
        if let Err(error) = self.admit(&request, page, purpose) {
            let id = InvocationId::next();
            self.failures.log(&error, id, request.method().as_str(), request.uri().path());
            return Ok(respond(&error, id));
        }
        if let Err(error) = self.clients.admit(&mut request, purpose, peer, &seat) {
            // logged already, once for many
            return Ok(respond(&error, InvocationId::next()));
        }
        if let Purpose::Session(Some(sid)) = purpose {
            return self.serve_session(sid, request, &link).await;
        }
        let opening = if purpose.opens() { self.owners.opens(&mut request, purpose) } else { None };
        let request = if purpose.opens() { detach(request, link) } else { request };
        let response = self.socketio.oneshot(request).await?.map(Body::new);
        Ok(match opening {
            Some(opening) => opening.opened(response).await,
            None => response,
        })
    }
}

/// Browsers take an answer for what it says it is, and do not guess: no text of a user becomes a script or a page.
fn trust_content_type(response: &mut Response) {
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
}
