//! What stands in the place of traces without the feature `otlp`: nothing. None of it takes any room or time.

use super::Outcome;
use crate::{
    config::Settings,
    dispatch::InvocationId,
    log::{Invocation, Timing},
};
use http::HeaderMap;
use std::convert::Infallible;

/// There is no place in a trace.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TraceContext {}

impl TraceContext {
    pub fn of_headers(_: &HeaderMap, _: bool) -> Option<Self> {
        None
    }
}

/// No invocation is in a trace.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trace {}

impl Trace {
    pub fn below(_: Option<TraceContext>, _: InvocationId) -> Option<Self> {
        None
    }

    pub fn beside(_: Option<TraceContext>, _: InvocationId) -> Option<Self> {
        None
    }

    pub fn context(self) -> TraceContext {
        match self {}
    }

    pub fn id(self) -> String {
        match self {}
    }
}

/// Nothing is told.
pub(crate) fn tell(_: &Invocation, _: Timing, _: Outcome<'_>) {}

/// Nothing can go wrong.
pub(crate) type TracesError = Infallible;

/// Nothing has to be sent.
#[expect(clippy::unnecessary_wraps, reason = "with the feature something may be wrong")]
pub(crate) fn check(_: &Settings) -> Result<(), TracesError> {
    Ok(())
}

/// Nothing is sent.
pub(crate) struct Sending;

impl Sending {
    #[expect(clippy::unnecessary_wraps, reason = "with the feature something may go wrong")]
    pub fn start(_: &Settings) -> Result<Self, TracesError> {
        Ok(Self)
    }

    pub async fn stop(self) {
        let Self = self;
    }
}
