//! What is answered to who asks.

use super::{Readiness, State};
use crate::config::Health;
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderValue, Method, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The two endpoints, beside what the application serves.
#[derive(Debug, Clone)]
pub(crate) struct HealthAnswers {
    live: Arc<str>,
    ready: Arc<str>,
    readiness: Arc<Readiness>,
}

impl HealthAnswers {
    /// At the paths of the settings; nothing where these keep them from the public.
    pub fn new(settings: &Health, readiness: &Arc<Readiness>) -> Option<Self> {
        let [live, ready] = settings.paths()?;
        Some(Self { live: live.into(), ready: ready.into(), readiness: readiness.clone() })
    }

    /// The answer to a request, where it is one for us.
    pub fn answer(&self, method: &Method, path: &str) -> Option<Response> {
        let is_live = *path == *self.live;
        if !is_live && *path != *self.ready {
            return None;
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            let allow = [(ALLOW, HeaderValue::from_static("GET, HEAD"))];
            return Some((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
        }
        Some(if is_live { live() } else { ready(&self.readiness) })
    }
}

/// `/live` and `/ready`, for a listener of its own.
pub(crate) fn router(readiness: Arc<Readiness>) -> Router {
    Router::new().route("/live", get(async || live())).route("/ready", get(async move || ready(&readiness)))
}

fn live() -> Response {
    respond(StatusCode::OK, &json!({ "status": "live" }))
}

fn ready(readiness: &Readiness) -> Response {
    let parts = readiness.parts();
    let ready = parts.values().all(|state| *state == State::Ready);
    let parts: serde_json::Map<String, Value> =
        parts.into_iter().map(|(name, state)| (name.to_owned(), state.as_str().into())).collect();
    let (code, status) = if ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready") };
    respond(code, &json!({ "status": status, "parts": parts }))
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}
