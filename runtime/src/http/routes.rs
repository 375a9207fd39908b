//! Serves `#[route]`s.

use super::{MediaTypes, unrouted::Unrouted};
use crate::{
    app::AppState,
    context::{HasUser, HttpContext},
    dispatch::{InvocationId, guarded},
    error::{Code, Error, ErrorBody},
    log::{self, Ids, Told, Visitor},
    metrics::RouteMetrics,
    registry::{Method, RouteEntry, Terms},
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
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The routes. What none of them serves goes to `rest`.
pub(super) fn router(app: &Arc<AppState>, rest: Unrouted) -> Router {
    let mut router = Router::new();
    for route in app.present.routes() {
        let (method, path) = (route.load().method, route.load().path);
        let (app, route) = (app.clone(), route.clone());
        let metrics = Arc::new(RouteMetrics::new(method.as_str(), path));
        // the terms of this moment hold until the answer
        let serve = move |request: Request| serve(app.clone(), route.get(), metrics.clone(), request);
        router = router.route(path, on(filter(method), serve));
    }
    let rest = Arc::new(rest);
    let other = rest.clone();
    router
        .method_not_allowed_fallback(move |request: Request| other.clone().other_method(request))
        .fallback(move |request: Request| rest.clone().other_path(request))
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

async fn serve(app: Arc<AppState>, route: Arc<RouteEntry>, metrics: Arc<RouteMetrics>, request: Request) -> Response {
    let ids = Ids::of(&request);
    let (id, mut timing) = (ids.invocation, log::Timing::accepted(Instant::now()));
    let invocation = log::Invocation::of_visitor(id, route.site, Visitor::new(Some(ids.request), ids.parent));
    let serve = async {
        let outcome = invoke(&invocation, &mut timing, &app, &route, request).await;
        if let Some(began) = timing.began {
            metrics.began(began - timing.accepted);
        }
        let (mut response, failure) = match outcome {
            Ok(response) => {
                app.log.served(&invocation, timing, Some(response.status().as_u16()));
                (response, None)
            }
            Err(error) => {
                app.log.failed(&invocation, timing, &error);
                (respond(&error, id), Some(error))
            }
        };
        metrics.answered(response.status(), timing.accepted, failure.as_ref());
        response.extensions_mut().insert(Told);
        response
    };
    log::within(invocation.clone(), serve).await
}

/// Runs the route, once it may run and there is a slot for it. The deadline counts from acceptance.
async fn invoke(
    invocation: &log::Invocation,
    timing: &mut log::Timing,
    app: &Arc<AppState>,
    route: &RouteEntry,
    request: Request,
) -> Result<Response, Error> {
    if app.work.is_draining() {
        return Err(Code::ShuttingDown.into());
    }
    if let Some(types) = MediaTypes::of(route) {
        types.check(request.headers())?;
    }
    let running = app.work.start();
    let terms = &route.terms;
    let app = app.clone();
    let mut cx = HttpContext::new(invocation.id, app.clone(), request, terms.max_payload_size);
    // nothing has begun: a client that hangs up waits no longer
    let slot = guarded(terms.left(timing.accepted), async {
        admit(&mut cx, terms).await?;
        Ok(terms.slot().await)
    });
    let slot = slot.await?;
    let (call, left, database) = (route.call, terms.left(timing.accepted), terms.database);
    timing.began = Some(Instant::now());
    // a task of its own: a client that hangs up does not end a handler halfway
    let answer = tokio::spawn(log::within(invocation.clone(), async move {
        let _held = (running, slot);
        let outcome = guarded(left, call(&mut cx)).await;
        let outcome = outcome.map_err(|error| if cx.waits_for_body() { late(error) } else { error });
        (outcome.map_err(|error| app.explain(error, database)), cx.waited_for_body())
    }));
    let (outcome, body) = answer.await?;
    timing.body = body;
    outcome
}

/// Whether the request is served at all: before anything of its body is read, and before it takes a slot.
async fn admit(cx: &mut HttpContext, terms: &Terms) -> Result<(), Error> {
    terms.rates.check_address(cx.address()).map_err(rate_limited)?;
    if !terms.enabled {
        return Err(Code::Disabled.into());
    }
    // who sends it may be costly to find out
    if !terms.login && !terms.rates.count_users() {
        return Ok(());
    }
    let user = cx.user().await;
    // who brings a wrong token is nobody: no user's limit is used up, and where no login is needed they may come
    terms.rates.check_user(user.as_ref().ok().and_then(Option::as_ref)).map_err(rate_limited)?;
    if terms.login { terms.admit(user?.as_ref()) } else { Ok(()) }
}

/// Why a route that was waiting for its body has ended: where its deadline passed, nothing has happened yet.
fn late(error: Error) -> Error {
    if error.is(Code::Timeout) {
        Error::new(Code::BodyTimeout).with_cause("the deadline passed before the body was there")
    } else {
        error
    }
}

fn rate_limited(after: Duration) -> Error {
    Error::new(Code::RateLimited).with_retry_after(after)
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
