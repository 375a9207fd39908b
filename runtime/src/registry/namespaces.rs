//! What is registered for a namespace, ready for dispatch.

use super::{
    ANY, Call, Location, Needs, Options, Policy, Registry, Role, Terms, middleware, requirements::Requirement,
    terms::Subject,
};
use crate::{
    auth::{
        User,
        events::{RENEW, renew},
    },
    config::{Access, Settings},
    context::{ConnectContext, Context, DisconnectContext, EventContext, MiddlewareContext},
    dispatch::Rates,
    error::{Code, Error},
    log::Site,
    metrics::{ConnectionMetrics, EventMetrics, UNKNOWN},
};
use std::{collections::HashMap, sync::Arc};

/// What is registered for a namespace.
pub(crate) struct NamespaceEntry {
    pub path: &'static str,
    /// Who may connect.
    pub policy: Policy,
    /// By name; a catch-all is [`ANY`].
    pub events: HashMap<&'static str, Arc<EventEntry>>,
    pub connect: Option<ConnectEntry>,
    /// Connecting, as the log names it.
    pub connect_site: &'static Site,
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
    /// What the attributes say of a namespace, with these settings.
    pub(super) fn of(
        path: &'static str,
        requirements: &[Requirement],
        settings: &Settings,
        before: Option<&Registry>,
    ) -> Self {
        let before = before.and_then(|before| before.namespace(path)).map(Arc::as_ref);
        let descriptors: Vec<_> = requirements.iter().map(|requirement| requirement.descriptor).collect();
        let mut entry = Self {
            path,
            policy: Policy::of(path, &descriptors, settings),
            events: HashMap::new(),
            connect: None,
            connect_site: Site::of_event(path, "connect"),
            disconnect: None,
            rates_of_others: Rates::new(
                UNKNOWN,
                settings.events.rate_limit,
                before.map(|before| &before.rates_of_others),
            ),
            metrics_of_others: EventMetrics::new(path, UNKNOWN),
            connection_metrics: ConnectionMetrics::new(path),
            connect_rates: Rates::of_connecting(
                settings.socketio.connect_rate_limit,
                before.map(|before| &before.connect_rates),
            ),
            middleware: middleware::connect_chain(path, &descriptors),
        };
        let around: Arc<[_]> = middleware::event_chain(path, &descriptors).into();
        for Requirement { descriptor, needs } in requirements {
            match descriptor.role {
                Role::Event { namespace, event, options, concurrent, call, .. } if namespace == path => {
                    let own = settings.handlers.get(path).and_then(|events| events.get(event));
                    let own = own.cloned().unwrap_or_default();
                    let before = before.and_then(|before| before.events.get(event)).map(|before| &before.terms);
                    let subject = Subject { name: event, options: &options, needs, before };
                    let handler = EventEntry {
                        site: Site::of_event(path, event),
                        call,
                        terms: Terms::of_event(&subject, &own, settings),
                        concurrent: own.concurrent.unwrap_or(concurrent),
                        metrics: EventMetrics::new(path, event),
                        middleware: around.clone(),
                    };
                    entry.events.insert(event, Arc::new(handler));
                }
                Role::Connect { namespace, call, .. } if namespace == path => {
                    entry.connect = Some(ConnectEntry { call });
                }
                Role::Disconnect { namespace, call } if namespace == path => {
                    entry.disconnect = Some(DisconnectEntry { site: Site::of_event(path, "disconnect"), call });
                }
                _ => {}
            }
        }
        if entry.policy.authenticates() {
            entry.events.insert(RENEW, Arc::new(renewal(path, settings, before)));
        }
        entry
    }

    /// Whether a client may connect as this user.
    ///
    /// # Errors
    /// `forbidden` where the user has none of the namespace's roles, `unauthenticated` where it has roles and there is no user.
    pub fn admits(&self, user: Option<&User>) -> Result<(), Error> {
        self.policy.roles.admit(user)
    }

    /// Whether a client may stay who is in as this user, now that the settings may have changed.
    ///
    /// # Errors
    /// `unauthenticated` where a login is needed and there is none, `forbidden` without any of the roles.
    pub fn keeps(&self, user: Option<&User>) -> Result<(), Error> {
        if self.policy.access == Access::Required && user.is_none() {
            return Err(Code::Unauthenticated.into());
        }
        self.policy.roles.admit(user)
    }

    /// These settings hold from now on, in place of those of before.
    pub fn take_over(&self, before: &Self) {
        for (event, entry) in &self.events {
            if let Some(before) = before.events.get(event) {
                entry.terms.take_over(&before.terms);
            }
        }
    }

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
    /// As the log names it.
    pub site: &'static Site,
    pub call: Call<EventContext>,
    pub terms: Terms,
    /// Whether later events of a socket need not wait for this one.
    pub concurrent: bool,
    pub metrics: EventMetrics,
    /// Around the handler, outermost first; the same for all events of a namespace.
    pub middleware: Arc<[MiddlewareEntry<MiddlewareContext>]>,
}

/// A connect handler.
pub(crate) struct ConnectEntry {
    pub call: Call<ConnectContext>,
}

/// A disconnect handler.
pub(crate) struct DisconnectEntry {
    /// As the log names it.
    pub site: &'static Site,
    pub call: Call<DisconnectContext>,
}

/// A middleware of a chain.
pub(crate) struct MiddlewareEntry<C: Context> {
    pub order: i32,
    pub location: Location,
    pub call: Call<C>,
}

/// What serves `auth:renew`, in every namespace that authenticates. It is the runtime's own: no middleware is around it.
fn renewal(path: &'static str, settings: &Settings, before: Option<&NamespaceEntry>) -> EventEntry {
    let own = settings.handlers.get(path).and_then(|events| events.get(RENEW)).cloned().unwrap_or_default();
    let before = before.and_then(|before| before.events.get(RENEW)).map(|before| &before.terms);
    let subject = Subject { name: RENEW, options: &Options::NONE, needs: &Needs::default(), before };
    EventEntry {
        site: Site::of_event(path, RENEW),
        call: renew,
        terms: Terms::of_event(&subject, &own, settings),
        concurrent: own.concurrent.unwrap_or(true),
        metrics: EventMetrics::new(path, RENEW),
        middleware: Arc::new([]),
    }
}
