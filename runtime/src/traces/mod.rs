//! Traces of OpenTelemetry: a span for each invocation, sent to a collector with OTLP over HTTP.
//!
//! They are there with the feature `otlp`, where the settings have a section `[otlp]`. A span is made when an invocation ends,
//! out of what the log knows of it: the way of a packet has no spans of `tracing` in it.
//!
//! - [`TraceContext`]: a place in a trace, ours or that of who asks.
//! - [`Trace`]: what an invocation is in its trace.
//! - [`tell`]: an invocation has ended.
//! - `span`: what is told of it.
//! - [`check`]: whether something keeps spans from being sent.
//! - [`Sending`]: the queue of spans, and who sends them.
//! - `exporter`, `client`: how they are sent.

#[cfg(feature = "otlp")]
mod client;
#[cfg(feature = "otlp")]
mod context;
#[cfg(feature = "otlp")]
mod exporter;
#[cfg(feature = "otlp")]
mod sending;
#[cfg(feature = "otlp")]
mod span;
#[cfg(not(feature = "otlp"))]
mod without;

#[cfg(not(feature = "otlp"))]
pub(crate) use without::{Sending, Trace, TraceContext, TracesError, check, tell};
#[cfg(feature = "otlp")]
pub(crate) use {
    context::{Trace, TraceContext},
    exporter::TracesError,
    sending::{Sending, check, tell},
};

use crate::error::Error;

/// How an invocation ended.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "nobody asks without the feature"))]
pub(crate) enum Outcome<'a> {
    /// It was served, over HTTP with this status.
    Served(Option<u16>),
    /// It failed, or was refused.
    Failed(&'a Error),
}
