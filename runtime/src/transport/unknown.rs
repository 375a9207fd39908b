//! Turns away who asks for a namespace that there is not.

use super::{Head, RawSocket};
use crate::{
    app::AppState,
    config::nearest,
    dispatch::InvocationId,
    error::{Code, Error},
    log::{self, Timing, Visitor},
    metrics,
};
use futures_util::future::BoxFuture;
use socketioxide::{
    adapter::LocalAdapter,
    handler::{ConnectHandler, Value},
};
use std::sync::{Arc, Weak};

/// What the clients of Socket.IO know as the answer.
const INVALID: &str = "Invalid namespace";

/// The patterns of all paths, as the transport's router writes them.
const ALL: [&str; 2] = ["/", "/{*path}"];

/// Turns away who asks for a namespace that is not open: it is counted and told.
pub(super) fn turn_away(app: &Arc<AppState>) {
    for pattern in ALL {
        if let Err(error) = app.sender.io().dyn_ns(pattern, Unknown(Arc::downgrade(app))) {
            tracing::error!(%error, pattern, "clients that ask for a namespace that there is not are not told of");
        }
    }
}

/// The way into every such namespace. The transport keeps it for as long as it lives itself: the application may end before.
#[derive(Clone)]
struct Unknown(Weak<AppState>);

impl Unknown {
    async fn refuse(&self, raw: Arc<RawSocket>) -> String {
        let Some(app) = self.0.upgrade() else { return INVALID.to_owned() };
        // the transport has made a namespace for this path: it is not kept, as clients can think of many
        app.sender.io().delete_ns(raw.ns());
        if app.work.is_draining() {
            return Error::from(Code::ShuttingDown).code().to_owned();
        }
        let head = Head::of(raw.req_parts());
        let visitor = Visitor::new(head.and_then(Head::request).cloned(), head.and_then(Head::parent));
        let invocation = log::Invocation::of_unknown_namespace(InvocationId::next(), raw.ns(), visitor);
        let mut error = Error::new(Code::NotFound);
        let served = app.registry();
        let paths = served.namespaces().iter().map(|entry| entry.path);
        if let Some(meant) = invocation.namespace().and_then(|path| nearest(path, paths)) {
            error = error.with_cause(format!("there is no such namespace; the nearest is {meant}"));
        }
        metrics::refused_unknown_namespace(&error);
        log::within(invocation.clone(), async { app.log.failed(&invocation, Timing::now(), &error) }).await;
        INVALID.to_owned()
    }
}

impl ConnectHandler<LocalAdapter, Unknown> for Unknown {
    /// Nobody is let in.
    fn call(&self, _: Arc<RawSocket>, _: Option<Value>) {}

    fn call_middleware<'a>(
        &'a self,
        raw: Arc<RawSocket>,
        _: &'a Option<Value>,
    ) -> BoxFuture<'a, Result<(), Box<dyn std::fmt::Display + Send>>> {
        Box::pin(async { Err(Box::new(self.refuse(raw).await) as Box<dyn std::fmt::Display + Send>) })
    }
}
