//! What is told of an invocation in its trace: names of OpenTelemetry's semantic conventions where they have one, `lambdio.…`
//! for the rest.

use super::{Outcome, Trace};
use crate::{
    error::Error,
    log::{Causes, Invocation, Site, Timing, milliseconds},
};
use opentelemetry::{
    InstrumentationScope, KeyValue, Value,
    trace::{Link, SpanId, SpanKind, Status},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use std::time::SystemTime;

/// Methods that have their own name. Any other is `_OTHER`, so that clients make no names.
const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// Of what an error says, more characters are not sent: spans wait in memory.
const CAUSE: usize = 1024;

/// The span of an invocation that ends now.
pub(super) fn span(
    scope: InstrumentationScope,
    trace: Trace,
    invocation: &Invocation,
    timing: Timing,
    outcome: Outcome<'_>,
) -> SpanData {
    let now = SystemTime::now();
    let mut links = SpanLinks::default();
    links.links.extend(trace.link().map(|link| Link::with_context(link.to_sdk())));
    let (name, span_kind, attributes) = described(invocation, timing, outcome);
    SpanData {
        span_context: trace.context().to_sdk(),
        parent_span_id: trace.parent().map_or(SpanId::INVALID, |parent| parent.span()),
        parent_span_is_remote: trace.parent().is_some_and(|parent| parent.is_remote()),
        span_kind,
        name: name.into(),
        start_time: now.checked_sub(timing.accepted.elapsed()).unwrap_or(now),
        end_time: now,
        attributes,
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links,
        status: status(outcome),
        instrumentation_scope: scope,
    }
}

/// Name, kind and attributes. What a client made up, such as an event that a catch-all serves, a namespace that there is not or
/// the path of no route, is an attribute, and no part of a name.
fn described(invocation: &Invocation, timing: Timing, outcome: Outcome<'_>) -> (String, SpanKind, Vec<KeyValue>) {
    let mut attributes = Attributes(Vec::with_capacity(12));
    let (name, kind) = if let Some(method) = invocation.method() {
        (of_request(&mut attributes, invocation, method, outcome), SpanKind::Server)
    } else {
        of_event(&mut attributes, invocation)
    };
    attributes.add("lambdio.invocation", Some(invocation.id.to_string()));
    attributes.add("lambdio.outcome", Some(code(outcome).to_owned()));
    attributes.add("lambdio.queue_ms", Some(milliseconds(timing.waited())));
    attributes.add("lambdio.body_ms", timing.body.map(milliseconds));
    attributes.add("lambdio.request", invocation.request().map(ToString::to_string));
    attributes.add("lambdio.socket", invocation.socket().map(str::to_owned));
    attributes.add("enduser.id", invocation.user().map(str::to_owned));
    if let Some(error) = ours(outcome) {
        attributes.add("error.type", Some(error.code().to_owned()));
    }
    (name, kind, attributes.0)
}

/// <https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server>
fn of_request(attributes: &mut Attributes, invocation: &Invocation, method: &str, outcome: Outcome<'_>) -> String {
    let known = METHODS.contains(&method);
    attributes.add("http.request.method", Some(if known { method } else { "_OTHER" }.to_owned()));
    attributes.add("http.request.method_original", (!known).then(|| method.to_owned()));
    attributes.add("http.route", invocation.route().map(str::to_owned));
    attributes.add("url.path", invocation.path().map(str::to_owned));
    let status = match outcome {
        Outcome::Served(status) => status,
        Outcome::Failed(error) => Some(error.status()),
    };
    attributes.add("http.response.status_code", status.map(i64::from));
    let method = if known { method } else { "HTTP" };
    invocation.route().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"))
}

/// <https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/>: the namespace is the destination, and an event is
/// a message that is processed. A client that comes into a namespace is a message, too; what the connect handler then does is
/// ours, within it.
fn of_event(attributes: &mut Attributes, invocation: &Invocation) -> (String, SpanKind) {
    let namespace = invocation.namespace().unwrap_or_default();
    let into_nothing = invocation.is_of_unknown_namespace();
    let handler = invocation.site().and_then(Site::event).or(into_nothing.then_some("connect"));
    attributes.add("messaging.system", Some("socket.io".to_owned()));
    attributes.add("messaging.operation.type", Some("process".to_owned()));
    attributes.add("messaging.operation.name", Some(handler.unwrap_or("unknown").to_owned()));
    attributes.add("messaging.destination.name", Some(namespace.to_owned()));
    attributes.add("lambdio.event", invocation.event().map(str::to_owned));
    let kind = match handler {
        Some("connect" | "disconnect") if !invocation.is_of_visitor() => SpanKind::Internal,
        _ => SpanKind::Consumer,
    };
    if into_nothing {
        return ("connect".to_owned(), kind);
    }
    let part = if handler == Some("connect") && kind == SpanKind::Internal { " handler" } else { "" };
    (format!("{}{part} {namespace}", handler.unwrap_or("unknown")), kind)
}

fn code(outcome: Outcome<'_>) -> &str {
    match outcome {
        Outcome::Served(_) => "ok",
        Outcome::Failed(error) => error.code(),
    }
}

/// An error that is not the client's.
fn ours(outcome: Outcome<'_>) -> Option<&Error> {
    match outcome {
        Outcome::Failed(error) if error.status() >= 500 => Some(error),
        Outcome::Failed(_) | Outcome::Served(_) => None,
    }
}

/// What is the client's mistake leaves the status open, as the conventions want it of a server.
fn status(outcome: Outcome<'_>) -> Status {
    let Some(error) = ours(outcome) else { return Status::Unset };
    let mut cause = error.cause().map_or_else(|| error.message().to_owned(), |cause| Causes(cause).to_string());
    if let Some((end, _)) = cause.char_indices().nth(CAUSE) {
        cause.truncate(end);
    }
    Status::error(cause)
}

struct Attributes(Vec<KeyValue>);

impl Attributes {
    fn add<V: Into<Value>>(&mut self, name: &'static str, value: Option<V>) {
        self.0.extend(value.map(|value| KeyValue::new(name, value)));
    }
}
