//! The way of a request: origin, client, then Socket.IO, then the routes.

use super::{
    body::TimelyBody,
    clients::Seat,
    connection::Terms,
    cors,
    detached::detach,
    origin::Page,
    owners::Owners,
    places::{Full, Place},
    purpose::Purpose,
    routes::{self, respond},
    serve::Serve,
    unrouted::{self, Unrouted},
};
use crate::{
    app::AppState,
    error::{Code, Error},
    health::HealthAnswers,
    log::{Ids, Invocation, Records, Timing, Told, X_REQUEST_ID},
    metrics::ElsewhereMetrics,
    transport::{Link, Sessions},
};
use axum::{Router, body::Body, response::Response};
use http::{HeaderValue, StatusCode, header::X_CONTENT_TYPE_OPTIONS};
use hyper::{Request, body::Incoming};
use socketioxide::{layer::SocketIoLayer, service::SocketIoService};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tower::{Layer, ServiceExt};
use tracing::level_filters::LevelFilter;

/// Everything that is served.
#[derive(Clone)]
pub(crate) struct Service {
    health: Option<HealthAnswers>,
    app: Arc<AppState>,
    owners: Arc<Owners>,
    /// Where Socket.IO is served.
    pub(super) path: Arc<str>,
    pub(super) sessions: Arc<Sessions>,
    /// Socket.IO stands around the router, not in it: axum would make a new one, without any session, for each request
    /// that meets its fallback.
    pub(super) socketio: SocketIoService<Router>,
    metrics: Arc<Elsewhere>,
}

/// What is counted of requests that reach no route.
struct Elsewhere {
    socketio: ElsewhereMetrics,
    preflights: ElsewhereMetrics,
    refused: ElsewhereMetrics,
}

impl Service {
    /// Everything that is served: Socket.IO, the routes of the registry, and for the rest first the pages, then the
    /// application's own router.
    pub fn new(app: &Arc<AppState>, router: Option<Router>, socketio: &SocketIoLayer) -> Self {
        let path = app.settings().socketio.path.as_str().into();
        let rest = Unrouted::new(app.clone(), router);
        Self {
            health: HealthAnswers::new(&app.settings().health, &app.readiness),
            app: app.clone(),
            owners: Arc::new(Owners::new(app.auth.clone())),
            path,
            sessions: app.sessions.clone(),
            socketio: socketio.layer(routes::router(app, rest)),
            metrics: Arc::new(Elsewhere {
                socketio: ElsewhereMetrics::new("(socketio)"),
                preflights: ElsewhereMetrics::new("(preflight)"),
                refused: ElsewhereMetrics::new("(refused)"),
            }),
        }
    }

    /// Refuses pages of other origins, and new sessions while the server stops: a client tries again after this answer,
    /// but never after a refused CONNECT.
    fn admit(&self, request: &Request<Body>, page: &Page, purpose: Purpose) -> Result<(), Error> {
        page.check(request, purpose)?;
        if let Purpose::Session(Some(sid)) = purpose {
            self.owners.check(sid, request.headers())?;
        }
        if purpose.opens() && self.app.work.is_draining() { Err(Code::ShuttingDown.into()) } else { Ok(()) }
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
        let (method, metrics) = (request.method().clone(), self.metrics.clone());
        let refused = |response: Response| {
            metrics.refused.answered(&method, response.status());
            Ok(response)
        };
        if let Err(error) = self.admit(&request, page, purpose) {
            return refused(unrouted::refuse(&self.app.log, &error, &request));
        }
        let admitted = {
            let proxies = &self.app.snapshot().front.proxies;
            self.app.clients.admit(&mut request, proxies, purpose, peer, &seat)
        };
        if let Err(error) = admitted {
            // warned of already, once for many
            return refused(respond(&error, Ids::of(&request).invocation));
        }
        if let Purpose::Session(Some(sid)) = purpose {
            let response = self.serve_session(sid, request, &link).await?;
            metrics.socketio.answered(&method, response.status());
            return Ok(response);
        }
        let opening = if purpose.opens() { self.owners.opens(&mut request, purpose) } else { None };
        let request = if purpose.opens() { detach(request, link) } else { request };
        let response = self.socketio.oneshot(request).await?.map(Body::new);
        if purpose != Purpose::Route {
            metrics.socketio.answered(&method, response.status());
        }
        Ok(match opening {
            Some(opening) => opening.opened(response).await,
            None => response,
        })
    }
}

impl Serve for Service {
    fn terms(&self) -> Terms {
        let snapshot = self.app.snapshot();
        snapshot.front.terms(&snapshot.config, self.app.clients.network())
    }

    fn place_for(&self, peer: IpAddr) -> Result<Place, Full> {
        self.app.clients.place_for(peer, &self.app.snapshot().front.proxies)
    }

    async fn serve(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
        link: Arc<Link>,
        seat: Seat,
    ) -> Result<Response, Infallible> {
        // who asks whether this works is nobody's client
        let health = self.health.as_ref().and_then(|health| health.answer(request.method(), request.uri().path()));
        if let Some(mut response) = health {
            trust_content_type(&mut response);
            return Ok(response);
        }
        let body_timeout = self.app.settings().server.body_timeout;
        let mut request = request.map(|body| Body::new(TimelyBody::new(Body::new(body), body_timeout, link.clone())));
        let timing = Timing::now();
        let (ids, page) = {
            let front = &self.app.snapshot().front;
            (front.proxies.name(request.headers(), peer), front.origins.page(request.headers()))
        };
        request.extensions_mut().insert(ids.clone());
        let record = Unserved::of(&request, &ids, &self.path, timing);
        let mut response = match cors::preflight(&request, &page) {
            Some(response) => {
                self.metrics.preflights.answered(request.method(), response.status());
                response
            }
            None => {
                let mut response = self.answer(request, &page, peer, link, seat).await?;
                cors::mark(&mut response, &page);
                trust_content_type(&mut response);
                response
            }
        };
        record.tell(&response);
        if let Some(name) = ids.request.header() {
            response.headers_mut().insert(X_REQUEST_ID, name);
        }
        Ok(response)
    }
}

/// The record of a request, unless it was an invocation, which has its own.
struct Unserved {
    /// `None` where nobody would read it.
    invocation: Option<Invocation>,
    /// Polls of a session.
    often: bool,
    timing: Timing,
}

impl Unserved {
    fn of(request: &Request<Body>, ids: &Ids, path: &str, timing: Timing) -> Self {
        let often = matches!(Purpose::of(request.uri(), path), Purpose::Session(_));
        let least = if often { LevelFilter::TRACE } else { LevelFilter::DEBUG };
        let invocation = (LevelFilter::current() >= least).then(|| {
            let (method, path) = (request.method().as_str(), request.uri().path());
            Invocation::of_request(ids.clone(), method, path)
        });
        Self { invocation, often, timing }
    }

    fn tell(self, response: &Response) {
        if let Some(invocation) = self.invocation.filter(|_| response.extensions().get::<Told>().is_none()) {
            Records::answered(&invocation, self.timing, response.status().as_u16(), self.often);
        }
    }
}

/// Browsers take an answer for what it says it is, and do not guess: no text of a user becomes a script or a page.
pub(super) fn trust_content_type(response: &mut Response) {
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
}
