//! Answers what no `#[route]` serves.

use super::{
    pages::{Lost, Pages},
    routes::respond,
};
use crate::{
    app::AppState,
    error::{Code, Error},
    log::{Ids, Invocation, Records, Timing, Told, within_sync},
    metrics::{ElsewhereMetrics, UNKNOWN},
};
use axum::{
    Router,
    body::HttpBody,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header::ALLOW, request::Parts};
use std::{sync::Arc, time::Instant};
use tower::ServiceExt;

/// Answers what no `#[route]` serves: with a file of the pages, else through the application's own router, else with an error.
pub(super) struct Unrouted {
    app: Arc<AppState>,
    router: Option<Router>,
    metrics: Elsewhere,
}

/// What is counted of requests that no route serves.
struct Elsewhere {
    pages: ElsewhereMetrics,
    router: ElsewhereMetrics,
    unknown: ElsewhereMetrics,
}

impl Unrouted {
    pub fn new(app: Arc<AppState>, router: Option<Router>) -> Self {
        let metrics = Elsewhere {
            pages: ElsewhereMetrics::new("(pages)"),
            router: ElsewhereMetrics::new("(router)"),
            unknown: ElsewhereMetrics::new(UNKNOWN),
        };
        Self { app, router, metrics }
    }

    /// Routes have this path, but none with this method: a page may still be read there.
    pub async fn other_method(self: Arc<Self>, request: Request) -> Response {
        let (head, _) = request.into_parts();
        match self.page(&head).await {
            Some(page) => page,
            None => self.refuse(&Code::MethodNotAllowed.into(), head),
        }
    }

    /// No route has this path.
    pub async fn other_path(self: Arc<Self>, request: Request) -> Response {
        let (head, body) = request.into_parts();
        if let Some(page) = self.page(&head).await {
            return page;
        }
        let lost = Lost::of(&head);
        if let Some(router) = self.router.clone() {
            let method = head.method.clone();
            let response = router.oneshot(Request::from_parts(head, body)).await.into_response();
            self.metrics.router.answered(&method, response.status());
            return match lost.filter(|_| says_nothing(&response)) {
                Some(lost) => self.not_found(lost).await.unwrap_or(response),
                None => response,
            };
        }
        if !reads(&head.method) && self.has_page(&head).await {
            let mut response = self.refuse(&Code::MethodNotAllowed.into(), head);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let page = match lost {
            Some(lost) => self.not_found(lost).await,
            None => None,
        };
        match page {
            Some(page) => {
                self.metrics.unknown.answered(&head.method, page.status());
                page
            }
            None => self.refuse(&Code::NotFound.into(), head),
        }
    }

    /// The folder of the present settings.
    fn pages(&self) -> Option<Arc<Pages>> {
        self.app.snapshot().front.pages.clone()
    }

    /// The page that a request asks for, or why it cannot be read.
    async fn page(&self, head: &Parts) -> Option<Response> {
        let pages = self.pages().filter(|_| reads(&head.method))?;
        let page = match pages.serve(head).await {
            Ok(page) => page?,
            Err(error) => return Some(self.refuse(&error, head.clone())),
        };
        self.metrics.pages.answered(&head.method, page.status());
        Some(page)
    }

    async fn has_page(&self, head: &Parts) -> bool {
        match self.pages() {
            Some(pages) => pages.have(&head.uri).await,
            None => false,
        }
    }

    async fn not_found(&self, lost: Lost) -> Option<Response> {
        self.pages()?.not_found(lost).await
    }

    fn refuse(&self, error: &Error, head: Parts) -> Response {
        let head = Request::from_parts(head, ());
        let response = refuse(&self.app.log, error, &head);
        self.metrics.unknown.answered(head.method(), response.status());
        response
    }
}

/// Refuses a request that comes to no handler, and tells the log.
pub(super) fn refuse<B>(log: &Records, error: &Error, request: &http::Request<B>) -> Response {
    let ids = Ids::of(request);
    let (method, path) = (request.method().as_str(), request.uri().path());
    let (id, invocation) = (ids.invocation, Invocation::of_request(ids, method, path));
    within_sync(Some(invocation.clone()), || log.failed(&invocation, Timing::accepted(Instant::now()), error));
    let mut response = respond(error, id);
    response.extensions_mut().insert(Told);
    response
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a router has nothing to say but that it found nothing, as one without a fallback does.
fn says_nothing(response: &Response) -> bool {
    response.status() == StatusCode::NOT_FOUND && response.body().size_hint().exact() == Some(0)
}
