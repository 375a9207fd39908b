//! What is registered for a namespace, ready for dispatch.

use super::{ANY, Call, Location, Method};
use crate::{
    config::Access,
    context::{ConnectContext, Context, DisconnectContext, EventContext, HttpContext, MiddlewareContext},
};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// What is registered for a namespace.
pub(crate) struct NamespaceEntry {
    pub path: &'static str,
    pub policy: Access,
    /// By name; a catch-all is [`ANY`].
    pub events: HashMap<&'static str, Arc<EventEntry>>,
    pub connect: Option<ConnectEntry>,
    pub disconnect: Option<DisconnectEntry>,
    /// Around connecting, in the order they run.
    pub middleware: Vec<MiddlewareEntry<ConnectContext>>,
}

impl NamespaceEntry {
    /// What serves this event: its own handler, else the catch-all.
    pub fn handler_of(&self, event: &str) -> Option<&Arc<EventEntry>> {
        self.events.get(event).or_else(|| self.events.get(ANY))
    }
}

/// A handler of an event, with its settings.
pub(crate) struct EventEntry {
    pub call: Call<EventContext>,
    pub enabled: bool,
    pub timeout: Duration,
    /// Around the handler, outermost first; the same for all events of a namespace.
    pub middleware: Arc<[MiddlewareEntry<MiddlewareContext>]>,
}

/// A connect handler.
pub(crate) struct ConnectEntry {
    pub call: Call<ConnectContext>,
}

/// A disconnect handler.
pub(crate) struct DisconnectEntry {
    pub call: Call<DisconnectContext>,
}

/// A middleware of a chain.
pub(crate) struct MiddlewareEntry<C: Context> {
    pub order: i32,
    pub location: Location,
    pub call: Call<C>,
}

/// A route.
pub(crate) struct RouteEntry {
    pub method: Method,
    pub path: &'static str,
    pub call: Call<HttpContext>,
}
