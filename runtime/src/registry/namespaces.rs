//! What is registered for a namespace, ready for dispatch.

use super::{ANY, Call, EventOptions, Location, Method};
use crate::{
    config::{Access, ByteSize, Events, HandlerSettings},
    context::{ConnectContext, Context, DisconnectContext, EventContext, HttpContext, MiddlewareContext},
    dispatch::{ConnectionMetrics, EventMetrics, Rates},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// What is registered for a namespace.
pub(crate) struct NamespaceEntry {
    pub path: &'static str,
    pub policy: Access,
    /// By name; a catch-all is [`ANY`].
    pub events: HashMap<&'static str, Arc<EventEntry>>,
    pub connect: Option<ConnectEntry>,
    pub disconnect: Option<DisconnectEntry>,
    /// How often events may come that no handler serves.
    pub rates_of_others: Rates,
    pub metrics_of_others: EventMetrics,
    pub connection_metrics: ConnectionMetrics,
    /// How often clients may connect.
    pub connect_rates: Rates,
    /// Around connecting, in the order they run.
    pub middleware: Vec<MiddlewareEntry<ConnectContext>>,
}

impl NamespaceEntry {
    /// What serves this event: its own handler, else the catch-all.
    pub fn handler_of(&self, event: &str) -> Option<&Arc<EventEntry>> {
        self.events.get(event).or_else(|| self.events.get(ANY))
    }

    /// What is counted of an event, whether a handler serves it or not.
    pub fn metrics_of(&self, event: &str) -> &EventMetrics {
        self.handler_of(event).map_or(&self.metrics_of_others, |handler| &handler.metrics)
    }
}

/// A handler of an event, with its settings.
pub(crate) struct EventEntry {
    pub call: Call<EventContext>,
    pub enabled: bool,
    pub timeout: Duration,
    /// Whether later events of a socket need not wait for this one.
    pub concurrent: bool,
    /// The largest payload in bytes.
    pub max_payload_size: usize,
    /// How many invocations may run at the same time; `None` is no limit of its own.
    pub slots: Option<Semaphore>,
    pub rates: Rates,
    pub metrics: EventMetrics,
    /// Around the handler, outermost first; the same for all events of a namespace.
    pub middleware: Arc<[MiddlewareEntry<MiddlewareContext>]>,
}

impl EventEntry {
    /// The attribute's options, overridden by the handler's own settings; what neither says, those of all events say.
    pub fn new(
        call: Call<EventContext>,
        options: &EventOptions,
        own: &HandlerSettings,
        events: &Events,
        metrics: EventMetrics,
        middleware: Arc<[MiddlewareEntry<MiddlewareContext>]>,
    ) -> Self {
        let max_payload_size = own.max_payload_size.map(ByteSize::as_usize).or(options.max_payload_size);
        Self {
            call,
            enabled: own.enabled,
            timeout: own.timeout.or(options.timeout).unwrap_or(events.timeout),
            concurrent: own.concurrent.unwrap_or(options.concurrent),
            max_payload_size: max_payload_size.unwrap_or_else(|| events.max_payload_size.as_usize()),
            slots: own.max_in_flight.or(options.max_in_flight).map(Semaphore::new),
            rates: Rates::new(own.rate_limit.or(events.rate_limit)),
            metrics,
            middleware,
        }
    }
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
#[derive(Clone, Copy)]
pub(crate) struct RouteEntry {
    pub method: Method,
    pub path: &'static str,
    pub call: Call<HttpContext>,
    /// Whether it reads its body as it comes, so that this need not be JSON.
    pub raw_body: bool,
}
