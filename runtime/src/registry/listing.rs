//! What `handlers` prints.

use super::{Descriptor, Location, MiddlewareEntry, NamespaceEntry, Role, RouteEntry, Terms};
use crate::{
    config::{Access, Settings},
    context::Context,
};
use serde::Serialize;
use std::{fmt::Write, sync::Arc, time::Duration};

/// One line of the list of handlers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Listing {
    /// `handler`, `connect`, `disconnect`, `connect middleware`, `event middleware` or `route`.
    pub kind: &'static str,
    /// The namespace; `None` for a route, `*` for a middleware of every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'static str>,
    /// The event's name; `*` for a catch-all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'static str>,
    /// The route's method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// The route's path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'static str>,
    /// The middleware's place in its chain; lower is further outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Whether a login is needed to connect, left out where nobody is asked; of a handler or route, `required` where it asks
    /// for a login that its namespace does not already ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Access>,
    /// The roles of which the user needs one, with what the configuration says: of the handler, or of connecting.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The middleware around it, outermost first: of an event, or of connecting.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub middleware: Vec<&'static str>,
    /// The guard that may refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<&'static str>,
    /// The deadline in milliseconds, with what the configuration says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Whether a handler or route is switched on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it runs on a thread where it may block.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocking: bool,
    /// The function's name.
    pub function: &'static str,
    /// The source file, as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
}

impl Listing {
    /// `None` for what is no handler.
    pub(super) fn of(descriptor: &Descriptor) -> Option<Self> {
        let Location { file, line, name: function, .. } = descriptor.location;
        let mut listing = Self {
            kind: "handler",
            namespace: None,
            event: None,
            method: None,
            path: None,
            order: None,
            auth: None,
            roles: Vec::new(),
            middleware: Vec::new(),
            guard: None,
            timeout_ms: None,
            enabled: None,
            blocking: false,
            function,
            file,
            line,
        };
        match descriptor.role {
            Role::Event { namespace, event, guard, blocking, .. } => {
                listing.namespace = Some(namespace);
                listing.event = Some(event);
                listing.guard = guard;
                listing.blocking = blocking;
            }
            Role::Connect { namespace, .. } => {
                listing.kind = "connect";
                listing.namespace = Some(namespace);
            }
            Role::Disconnect { namespace, .. } => {
                listing.kind = "disconnect";
                listing.namespace = Some(namespace);
            }
            Role::ConnectMiddleware { namespace, order, .. } => {
                listing.kind = "connect middleware";
                listing.namespace = Some(namespace.unwrap_or("*"));
                listing.order = Some(order);
            }
            Role::EventMiddleware { namespace, order, .. } => {
                listing.kind = "event middleware";
                listing.namespace = Some(namespace.unwrap_or("*"));
                listing.order = Some(order);
            }
            Role::Route { method, path, guard, .. } => {
                listing.guard = guard;
                listing.kind = "route";
                listing.method = Some(method.as_str());
                listing.path = Some(path);
            }
            Role::Emitted { .. } => return None,
        }
        Some(listing)
    }

    /// Adds what the whole registry and the configuration say.
    pub(super) fn complete(
        &mut self,
        namespaces: &[Arc<NamespaceEntry>],
        routes: &[Arc<RouteEntry>],
        settings: &Settings,
    ) {
        let namespace = namespaces.iter().find(|entry| Some(entry.path) == self.namespace);
        match (self.kind, namespace) {
            ("handler", Some(namespace)) => {
                let Some(entry) = self.event.and_then(|event| namespace.events.get(event)) else { return };
                self.middleware = names(&entry.middleware);
                self.add_terms(&entry.terms, namespace.policy.access);
            }
            ("route", _) => {
                let is_this = |entry: &&Arc<RouteEntry>| {
                    Some(entry.path) == self.path && Some(entry.method.as_str()) == self.method
                };
                let Some(entry) = routes.iter().find(is_this) else { return };
                self.add_terms(&entry.terms, Access::None);
            }
            ("connect", Some(namespace)) => {
                self.middleware = names(&namespace.middleware);
                self.auth = Some(namespace.policy.access).filter(|_| namespace.policy.authenticates());
                self.roles = namespace.policy.roles.names().to_vec();
                self.timeout_ms = milliseconds(settings.events.timeout);
            }
            ("disconnect", _) => self.timeout_ms = milliseconds(settings.events.timeout),
            _ => {}
        }
    }

    /// `around` is what its namespace asks for.
    fn add_terms(&mut self, terms: &Terms, around: Access) {
        self.auth = (terms.login && around != Access::Required).then_some(Access::Required);
        self.enabled = Some(terms.enabled);
        self.timeout_ms = milliseconds(terms.timeout);
        self.roles = terms.roles.names().to_vec();
    }

    /// What an invocation goes through, outermost first, such as `role admin or editor > timed > guard can_edit > edit, within
    /// 2s`. A login that is needed without a role is `login`.
    #[must_use]
    pub fn through(&self) -> String {
        let outer = who(self.auth, &self.roles).into_iter().chain(self.middleware.iter().map(ToString::to_string));
        let guard = self.guard.map(|guard| format!("guard {guard}"));
        let mut text = outer.chain(guard).chain([self.function.to_owned()]).collect::<Vec<_>>().join(" > ");
        if let Some(order) = self.order {
            let _ = write!(text, ", order {order}");
        }
        if let Some(timeout) = self.timeout_ms {
            let _ = write!(text, ", within {}", humantime::format_duration(Duration::from_millis(timeout)));
        }
        if self.blocking {
            text.push_str(", blocking");
        }
        if self.enabled == Some(false) {
            text.push_str(", switched off");
        }
        text
    }

    /// What the handler serves, such as `/documents edit` or `GET /`.
    #[must_use]
    pub fn serves(&self) -> String {
        match (self.namespace, self.event, self.method, self.path) {
            (_, _, Some(method), Some(path)) => format!("{method} {path}"),
            (Some(namespace), Some(event), ..) => format!("{namespace} {event}"),
            (Some(namespace), None, ..) => format!("{namespace} ({})", self.kind),
            _ => self.kind.to_owned(),
        }
    }
}

/// What a client goes through to connect, outermost first.
pub(super) fn connect_chain(namespace: &NamespaceEntry) -> Vec<String> {
    let middleware = names(&namespace.middleware).into_iter().map(str::to_owned);
    let policy = &namespace.policy;
    who(Some(policy.access), policy.roles.names()).into_iter().chain(middleware).collect()
}

/// `role admin or editor`, `login` or `optional login`; nothing where nobody is asked.
fn who(auth: Option<Access>, roles: &[String]) -> Option<String> {
    match auth {
        _ if !roles.is_empty() => Some(format!("role {}", roles.join(" or "))),
        Some(Access::Required) => Some("login".to_owned()),
        Some(Access::Optional) => Some("optional login".to_owned()),
        Some(Access::None) | None => None,
    }
}

fn milliseconds(time: Duration) -> Option<u64> {
    u64::try_from(time.as_millis()).ok()
}

/// The functions of a chain.
fn names<C: Context>(chain: &[MiddlewareEntry<C>]) -> Vec<&'static str> {
    chain.iter().map(|middleware| middleware.location.name).collect()
}
