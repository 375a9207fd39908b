//! Names of HTTP requests: what leads from one log to another.

use crate::{dispatch::InvocationId, traces::TraceContext};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use std::{fmt, sync::Arc};

/// The header that carries it, both ways.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest name that is taken over, in characters.
const LONGEST: usize = 64;

/// Names a request: by its invocation, or as a trusted proxy has named it.
#[derive(Debug, Clone)]
pub(crate) enum RequestId {
    Own(InvocationId),
    Given(Arc<str>),
}

impl RequestId {
    /// What a proxy wrote: once, 1 to 64 of `A-Z a-z 0-9 . _ -`. Anything else is passed over.
    fn given(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(X_REQUEST_ID).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let name = value.to_str().ok().filter(|name| (1..=LONGEST).contains(&name.len()))?;
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        plain.then(|| Self::Given(name.into()))
    }

    /// As a header of the answer. Both kinds of names fit into one.
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.to_string()).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(id) => id.fmt(f),
            Self::Given(name) => f.write_str(name),
        }
    }
}

/// The names of one request, in its extensions.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    pub invocation: InvocationId,
    pub request: RequestId,
    /// What sent it.
    pub parent: Option<TraceContext>,
}

impl Ids {
    /// New ones. What the headers say counts where they come from a trusted proxy.
    pub fn new(headers: &HeaderMap, by_trusted_proxy: bool) -> Self {
        let invocation = InvocationId::next();
        let given = if by_trusted_proxy { RequestId::given(headers) } else { None };
        let parent = TraceContext::of_headers(headers, by_trusted_proxy);
        Self { invocation, parent, request: given.unwrap_or(RequestId::Own(invocation)) }
    }

    /// Those of a request.
    pub fn of<B>(request: &Request<B>) -> Self {
        request.extensions().get().cloned().unwrap_or_else(|| Self::new(&HeaderMap::new(), false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(values: &[&str]) -> Option<String> {
        let headers = values.iter().map(|value| (X_REQUEST_ID, HeaderValue::from_bytes(value.as_bytes()).unwrap()));
        RequestId::given(&headers.collect()).map(|id| id.to_string())
    }

    #[test]
    fn plain_names_are_taken_over() {
        for name in ["7", "f9ce0f1e2d3c4b5a69788796a5b4c3d2", "Root-1.2_x", &"x".repeat(LONGEST)] {
            assert_eq!(given(&[name]).as_deref(), Some(name));
        }
    }

    #[test]
    fn others_are_passed_over() {
        for name in ["", "a b", "a\tb", "ä", "a\"b", "a=b", "a,b", &"x".repeat(LONGEST + 1)] {
            assert_eq!(given(&[name]), None, "{name}");
        }
        assert_eq!(given(&[]), None);
        assert_eq!(given(&["a", "a"]), None, "which one would it be?");
    }
}
