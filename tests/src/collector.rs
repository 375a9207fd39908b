//! What collects traces: a receiver of OTLP over HTTP, in protobuf.

use crate::eventually;
use axum::{
    Router,
    body::Bytes,
    extract,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::{AnyValue, KeyValue, any_value},
    trace::v1 as wire,
};
use prost::Message;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::AbortHandle};

/// Names and values.
pub type Attributes = BTreeMap<String, Value>;

/// Collects traces, as a server sends them, until it is dropped.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: AbortHandle,
}

#[derive(Debug, Default)]
struct State {
    spans: Vec<Span>,
    requests: u64,
    answer: Answer,
}

/// What it answers.
#[derive(Debug, Clone, Default)]
enum Answer {
    #[default]
    Taken,
    Refused(StatusCode),
    Rejected(ExportTracePartialSuccess),
}

/// What is told of one piece of work.
#[derive(Debug, Clone)]
pub struct Span {
    /// Its name.
    pub name: String,
    /// The trace, in hexadecimal.
    pub trace: String,
    /// The span in the trace, in hexadecimal.
    pub id: String,
    /// The span that caused it, in hexadecimal.
    pub parent: Option<String>,
    /// Whether it is said that the parent is a span of somebody else.
    pub parent_is_remote: bool,
    /// Who it is told by: `SERVER`, `CONSUMER`, `INTERNAL`.
    pub kind: &'static str,
    /// Its attributes.
    pub attributes: Attributes,
    /// The ids of spans that have to do with it.
    pub links: Vec<String>,
    /// What it says of an error.
    pub error: Option<String>,
    /// How long it took.
    pub duration: Duration,
    /// The attributes of the service.
    pub resource: Attributes,
    /// The headers of the request that brought it.
    pub headers: BTreeMap<String, String>,
}

impl Collector {
    /// One on a free port of the loopback.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let state = Arc::<Mutex<State>>::default();
        let router = Router::new().route("/v1/traces", post(collect)).with_state(state.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Self { address, state, serving }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Where traces are sent, for `otlp.endpoint`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that it took.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        lock(&self.state).spans.clone()
    }

    /// How often it was sent something, taken or not.
    #[must_use]
    pub fn requests(&self) -> u64 {
        lock(&self.state).requests
    }

    /// From now on it takes what it is sent, as at first.
    pub fn takes(&self) {
        lock(&self.state).answer = Answer::Taken;
    }

    /// From now on it answers with this status, asks for another try after a second, and takes nothing.
    ///
    /// # Panics
    /// Where this is no status.
    pub fn refuses(&self, status: u16) {
        lock(&self.state).answer = Answer::Refused(StatusCode::from_u16(status).expect("a status"));
    }

    /// From now on it says that it does not take so many of the spans that it is sent, and keeps none.
    pub fn rejects(&self, rejected_spans: i64, why: &str) {
        let answer = ExportTracePartialSuccess { rejected_spans, error_message: why.to_owned() };
        lock(&self.state).answer = Answer::Rejected(answer);
    }

    /// Waits for the span with this name.
    #[track_caller]
    pub fn span(&self, name: &str) -> impl Future<Output = Span> {
        let what = format!("a span {name:?}");
        async move { eventually(&what, async || self.spans().into_iter().find(|span| span.name == name)).await }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn collect(
    extract::State(state): extract::State<Arc<Mutex<State>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let is_protobuf = headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/x-protobuf");
    let Some(request) = ExportTraceServiceRequest::decode(body).ok().filter(|_| is_protobuf) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut state = lock(&state);
    state.requests += 1;
    let partial_success = match state.answer.clone() {
        Answer::Taken => None,
        Answer::Refused(status) => return (status, [(RETRY_AFTER, "1")]).into_response(),
        Answer::Rejected(rejected) => Some(rejected),
    };
    if partial_success.is_none() {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: BTreeMap<_, _> = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        for part in request.resource_spans {
            let resource = attributes(part.resource.unwrap_or_default().attributes);
            let spans = part.scope_spans.into_iter().flat_map(|scope| scope.spans);
            state.spans.extend(spans.map(|span| Span::of(span, &resource, &headers)));
        }
    }
    let answer = ExportTraceServiceResponse { partial_success };
    ([(CONTENT_TYPE, "application/x-protobuf")], answer.encode_to_vec()).into_response()
}

impl Span {
    fn of(span: wire::Span, resource: &Attributes, headers: &BTreeMap<String, String>) -> Self {
        let status = span.status.clone().unwrap_or_default();
        let is_remote = span.flags & wire::SpanFlags::ContextIsRemoteMask as u32 != 0;
        Self {
            kind: span.kind().as_str_name().trim_start_matches("SPAN_KIND_"),
            name: span.name,
            trace: hexadecimal(&span.trace_id),
            id: hexadecimal(&span.span_id),
            parent: (!span.parent_span_id.is_empty()).then(|| hexadecimal(&span.parent_span_id)),
            parent_is_remote: is_remote,
            attributes: attributes(span.attributes),
            links: span.links.iter().map(|link| hexadecimal(&link.span_id)).collect(),
            error: (status.code() == wire::status::StatusCode::Error).then_some(status.message),
            duration: Duration::from_nanos(span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano)),
            resource: resource.clone(),
            headers: headers.clone(),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn attributes(list: Vec<KeyValue>) -> Attributes {
    list.into_iter().map(|KeyValue { key, value, .. }| (key, value.map_or(Value::Null, plain))).collect()
}

fn plain(value: AnyValue) -> Value {
    match value.value {
        Some(any_value::Value::StringValue(text)) => json!(text),
        Some(any_value::Value::BoolValue(truth)) => json!(truth),
        Some(any_value::Value::IntValue(number)) => json!(number),
        Some(any_value::Value::DoubleValue(number)) => json!(number),
        other => panic!("no test expects {other:?}"),
    }
}
