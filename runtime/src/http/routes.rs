//! Serves `#[route]`s, and answers for everything that is none.

use super::MediaTypes;
use crate::{
    app::AppState,
    context::HttpContext,
    dispatch::{Failures, InvocationId, guarded},
    error::{Code, Error, ErrorBody},
    registry::{Method, RouteEntry},
    reply::json,
};
use axum::{
    Router,
    extract::Request,
    http::{
        HeaderValue, StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use std::{sync::Arc, time::Instant};

/// The routes. What none of them serves goes to `extra`, or is not found.
pub(super) fn router(app: &Arc<AppState>, extra: Option<Router>) -> Router {
    let mut router = Router::new();
    for &route in app.registry.routes() {
        let app = app.clone();
        let serve = move |request: Request| serve(app.clone(), route, request);
        router = router.route(route.path, on(filter(route.method), serve));
    }
    let failures = app.failures.clone();
    let router = router
        .method_not_allowed_fallback(async move |request: Request| refuse(&failures, Code::MethodNotAllowed, &request));
    let failures = app.failures.clone();
    match extra {
        Some(extra) => router.fallback_service(extra),
        None => router.fallback(async move |request: Request| refuse(&failures, Code::NotFound, &request)),
    }
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    }
}

async fn serve(app: Arc<AppState>, route: RouteEntry, request: Request) -> Response {
    let (id, started) = (InvocationId::next(), Instant::now());
    if app.work.is_draining() {
        return refuse(&app.failures, Code::ShuttingDown, &request);
    }
    if let Some(types) = MediaTypes::of(&route)
        && let Err(error) = types.check(request.headers())
    {
        return refuse(&app.failures, error, &request);
    }
    let RouteEntry { method, path, call, .. } = route;
    // a task of its own: a client that hangs up does not end a handler halfway
    let running = app.work.start();
    let failures = app.failures.clone();
    let answer = tokio::spawn(async move {
        let _running = running;
        let (parts, body) = request.into_parts();
        let mut cx = HttpContext::new(id, app.clone(), parts, body);
        guarded(app.settings().events.timeout, call(&mut cx)).await
    });
    match answer.await.unwrap_or_else(|error| Err(error.into())) {
        Ok(response) => {
            let (method, took) = (method.as_str(), started.elapsed());
            tracing::debug!(%id, method, path, status = response.status().as_u16(), ?took, "served");
            response
        }
        Err(error) => {
            failures.log(&error, id, method.as_str(), path);
            respond(&error, id)
        }
    }
}

fn refuse(failures: &Failures, error: impl Into<Error>, request: &Request) -> Response {
    let (error, id) = (error.into(), InvocationId::next());
    failures.log(&error, id, request.method().as_str(), request.uri().path());
    respond(&error, id)
}

/// An error as a response, in the one shape of all errors.
pub(super) fn respond(error: &Error, id: InvocationId) -> Response {
    let status = StatusCode::from_u16(error.status())
        .ok()
        .filter(|status| status.is_client_error() || status.is_server_error())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match json(status, &ErrorBody { error, id }) {
        Ok(response) => response,
        // details are JSON already, so this cannot be; the status still says enough
        Err(_) => status.into_response(),
    };
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110, section 11.6.1; RFC 6750, section 3
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(after) = error.retry_after() {
        let seconds = HeaderValue::from(after.as_secs() + u64::from(after.subsec_nanos() > 0));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}
