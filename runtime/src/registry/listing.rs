//! What `handlers` prints.

use super::{Descriptor, Location, Role};
use serde::Serialize;

/// One line of the list of handlers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Listing {
    /// `handler`, `connect`, `disconnect`, `middleware` or `route`.
    pub kind: &'static str,
    /// The namespace; `None` for a route, `*` for a middleware of every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'static str>,
    /// The event's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'static str>,
    /// The route's method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// The route's path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'static str>,
    /// The middleware's place in its chain; lower runs first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
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
            function,
            file,
            line,
        };
        match descriptor.role {
            Role::Event { namespace, event, .. } => {
                listing.namespace = Some(namespace);
                listing.event = Some(event);
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
                listing.kind = "middleware";
                listing.namespace = Some(namespace.unwrap_or("*"));
                listing.order = Some(order);
            }
            Role::Route { method, path, .. } => {
                listing.kind = "route";
                listing.method = Some(method.as_str());
                listing.path = Some(path);
            }
            Role::Emitted { .. } => return None,
        }
        Some(listing)
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
