//! Which event it is.

use super::Extract;
use crate::context::HasEvent;
use std::{convert::Infallible, fmt, ops::Deref};

/// The event's name as the client sent it: for catch-all handlers and middleware, which serve many.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[handler(namespace = "/echo", any)]
/// async fn echo(event: EventName) -> String {
///     event.to_string()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName(Box<str>);

impl EventName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for EventName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for EventName {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for EventName {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<C: HasEvent> Extract<C> for EventName {
    type Rejection = Infallible;

    async fn extract(cx: &mut C) -> Result<Self, Infallible> {
        Ok(Self(cx.event_context().event().into()))
    }
}
