//! Of which trace an invocation is part.

use super::sending::tracer;
use crate::dispatch::InvocationId;
use http::HeaderMap;
use opentelemetry::{
    Context,
    propagation::TextMapPropagator,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::{
    propagation::TraceContextPropagator,
    trace::{IdGenerator, RandomIdGenerator},
};

/// A place in a trace: of one of our spans, or of the one of somebody else from which a request comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TraceContext {
    trace: TraceId,
    span: SpanId,
    /// Whether the trace is sent. `None` where nobody said so whom we trust.
    sampled: Option<bool>,
    is_remote: bool,
}

impl TraceContext {
    /// What the header `traceparent` says (W3C Trace Context, level 1). Where it does not come from a trusted proxy it tells
    /// the place, but not whether the trace is sent: nobody makes this server send more than its settings say.
    pub fn of_headers(headers: &HeaderMap, by_trusted_proxy: bool) -> Option<Self> {
        if !headers.contains_key("traceparent") || tracer().is_none() {
            return None;
        }
        let found = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
        let found = found.span().span_context().clone();
        let sampled = by_trusted_proxy.then(|| found.is_sampled());
        found.is_valid().then(|| Self { trace: found.trace_id(), span: found.span_id(), sampled, is_remote: true })
    }

    /// In the words of the SDK.
    pub(super) fn to_sdk(self) -> SpanContext {
        let flags = if self.sampled == Some(true) { TraceFlags::SAMPLED } else { TraceFlags::default() };
        SpanContext::new(self.trace, self.span, flags, self.is_remote, TraceState::NONE)
    }

    pub(super) fn span(&self) -> SpanId {
        self.span
    }

    pub(super) fn is_remote(&self) -> bool {
        self.is_remote
    }
}

/// What an invocation is in its trace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trace {
    own: TraceContext,
    parent: Option<TraceContext>,
    /// A span of another trace that has to do with this one.
    link: Option<TraceContext>,
}

impl Trace {
    /// An invocation that `parent` caused. Without one it begins a trace. `None` where nothing is traced.
    pub fn below(parent: Option<TraceContext>, id: InvocationId) -> Option<Self> {
        let share = tracer().as_ref()?.share;
        let sampled = parent.and_then(|parent| parent.sampled).unwrap_or_else(|| share.has(id));
        let ids = RandomIdGenerator::default();
        let own = TraceContext {
            trace: parent.map_or_else(|| ids.new_trace_id(), |parent| parent.trace),
            span: ids.new_span_id(),
            sampled: Some(sampled),
            is_remote: false,
        };
        Some(Self { own, parent, link: None })
    }

    /// An invocation that begins a trace, and names the span of another one. `None` where nothing is traced.
    pub fn beside(link: Option<TraceContext>, id: InvocationId) -> Option<Self> {
        Some(Self { link: link.filter(|link| link.sampled == Some(true)), ..Self::below(None, id)? })
    }

    /// Its place in the trace.
    pub fn context(self) -> TraceContext {
        self.own
    }

    /// The name of the trace: 32 hexadecimal digits.
    pub fn id(self) -> String {
        self.own.trace.to_string()
    }

    pub(super) fn is_sampled(&self) -> bool {
        self.own.sampled == Some(true)
    }

    pub(super) fn parent(&self) -> Option<TraceContext> {
        self.parent
    }

    pub(super) fn link(&self) -> Option<TraceContext> {
        self.link
    }
}
