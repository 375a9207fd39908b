//! What a middleware stands around.

use super::Extract;
use crate::{
    context::{EventContext, MiddlewareContext},
    error::Error,
    registry::EventEntry,
    reply::Reply,
};
use std::{fmt, sync::Arc};

/// What a `#[middleware(event)]` stands around: the inner middleware, and then the handler.
///
/// ```
/// use lambdio::prelude::*;
/// use std::time::Instant;
///
/// #[middleware(event, namespace = "/chat", order = 10)]
/// async fn timed(event: EventName, next: Next) -> Result<Reply, lambdio::Error> {
///     let started = Instant::now();
///     let reply = next.attach(started).run().await?;
///     println!("{event} took {:?}", started.elapsed());
///     Ok(reply)
/// }
///
/// #[handler(namespace = "/chat", event = "say")]
/// async fn say(started: Attached<Instant>) -> bool {
///     started.elapsed().as_secs() < 1
/// }
/// ```
///
/// It is owned, and may be run in another task. Dropped without being run, nothing inside happens: the middleware's own
/// answer counts.
#[must_use = "nothing inside the middleware happens until this is run"]
pub struct Next {
    event: EventContext,
    entry: Arc<EventEntry>,
    /// How many middleware of the chain are outside of this.
    passed: usize,
}

impl Next {
    /// The whole chain of an event.
    pub(crate) fn of(event: EventContext, entry: Arc<EventEntry>) -> Self {
        Self { event, entry, passed: 0 }
    }

    pub(crate) fn event(&self) -> &EventContext {
        &self.event
    }

    /// Leaves a value for what is inside, which takes it as [`Attached<T>`](super::Attached). Of two values of one type
    /// the later counts.
    pub fn attach<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.event.attach(value);
        self
    }

    /// Runs the rest: the inner middleware, the handler.
    ///
    /// The event's deadline goes on meanwhile; where it passes, middleware and handler are dropped at their next await.
    ///
    /// # Errors
    /// What an inner middleware or the handler failed with. Passed on, it is the client's answer.
    pub async fn run(mut self) -> Result<Reply, Error> {
        match self.entry.middleware.get(self.passed).map(|middleware| middleware.call) {
            Some(call) => {
                self.passed += 1;
                call(&mut MiddlewareContext::new(self)).await
            }
            None => (self.entry.call)(&mut self.event).await,
        }
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("event", &self.event.event()).finish_non_exhaustive()
    }
}

impl Extract<MiddlewareContext> for Next {
    type Rejection = Error;

    async fn extract(cx: &mut MiddlewareContext) -> Result<Self, Error> {
        cx.take_next()
    }
}
