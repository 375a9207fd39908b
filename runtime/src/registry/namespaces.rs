//! What is registered for a namespace, ready for dispatch.

use super::{Call, Location, Method};
use crate::{
    config::Access,
    context::{ConnectContext, DisconnectContext, EventContext, HttpContext},
};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// What is registered for a namespace.
pub(crate) struct NamespaceEntry {
    pub path: &'static str,
    pub policy: Access,
    pub events: HashMap<&'static str, Arc<EventEntry>>,
    pub connect: Option<ConnectEntry>,
    pub disconnect: Option<DisconnectEntry>,
    /// In the order they run.
    pub middleware: Vec<MiddlewareEntry>,
}

/// A handler of an event, with its settings.
pub(crate) struct EventEntry {
    pub call: Call<EventContext>,
    pub enabled: bool,
    pub timeout: Duration,
}

/// A connect handler.
pub(crate) struct ConnectEntry {
    pub call: Call<ConnectContext>,
}

/// A disconnect handler.
pub(crate) struct DisconnectEntry {
    pub call: Call<DisconnectContext>,
}

/// A middleware that runs before CONNECT is answered.
#[derive(Clone)]
pub(crate) struct MiddlewareEntry {
    pub order: i32,
    pub location: Location,
    pub call: Call<ConnectContext>,
}

/// A route.
pub(crate) struct RouteEntry {
    pub method: Method,
    pub path: &'static str,
    pub call: Call<HttpContext>,
}
