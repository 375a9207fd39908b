//! Answers what no `#[route]` serves.

use super::{
    pages::{Lost, Pages},
    routes::respond,
};
use crate::{
    dispatch::{Failures, InvocationId},
    error::{Code, Error},
};
use axum::{
    Router,
    body::HttpBody,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header::ALLOW, request::Parts};
use std::sync::Arc;
use tower::ServiceExt;

/// Answers what no `#[route]` serves: with a file of the pages, else through the application's own router, else with an error.
pub(super) struct Unrouted {
    pages: Option<Pages>,
    router: Option<Router>,
    failures: Arc<Failures>,
}

impl Unrouted {
    pub fn new(pages: Option<Pages>, router: Option<Router>, failures: Arc<Failures>) -> Self {
        Self { pages, router, failures }
    }

    /// Routes have this path, but none with this method: a page may still be read there.
    pub async fn other_method(self: Arc<Self>, request: Request) -> Response {
        let (head, _) = request.into_parts();
        match self.page(&head).await {
            Some(page) => page,
            None => self.refuse(&Code::MethodNotAllowed.into(), &head),
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
            let response = router.oneshot(Request::from_parts(head, body)).await.into_response();
            return match lost.filter(|_| says_nothing(&response)) {
                Some(lost) => self.not_found(lost).await.unwrap_or(response),
                None => response,
            };
        }
        if !reads(&head.method) && self.has_page(&head).await {
            let mut response = self.refuse(&Code::MethodNotAllowed.into(), &head);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let page = match lost {
            Some(lost) => self.not_found(lost).await,
            None => None,
        };
        page.unwrap_or_else(|| self.refuse(&Code::NotFound.into(), &head))
    }

    /// The page that a request asks for, or why it cannot be read.
    async fn page(&self, head: &Parts) -> Option<Response> {
        let pages = self.pages.as_ref().filter(|_| reads(&head.method))?;
        match pages.serve(head).await {
            Ok(page) => page,
            Err(error) => Some(self.refuse(&error, head)),
        }
    }

    async fn has_page(&self, head: &Parts) -> bool {
        match &self.pages {
            Some(pages) => pages.have(&head.uri).await,
            None => false,
        }
    }

    async fn not_found(&self, lost: Lost) -> Option<Response> {
        self.pages.as_ref()?.not_found(lost).await
    }

    fn refuse(&self, error: &Error, head: &Parts) -> Response {
        let id = InvocationId::next();
        self.failures.log(error, id, head.method.as_str(), head.uri.path());
        respond(error, id)
    }
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a router has nothing to say but that it found nothing, as one without a fallback does.
fn says_nothing(response: &Response) -> bool {
    response.status() == StatusCode::NOT_FOUND && response.body().size_hint().exact() == Some(0)
}
