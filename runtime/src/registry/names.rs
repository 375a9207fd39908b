//! The names that settings may use.

use super::{Descriptor, collect, routes};
use crate::auth::{ACCOUNT_ROUTES, events::RENEW};
use std::collections::{BTreeMap, BTreeSet};

/// The namespaces, events and routes that are linked into this program, whatever its settings say.
pub(crate) struct Names {
    /// The events of each namespace, the runtime's own among them.
    pub namespaces: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// The routes, such as `GET /documents/{id}`, those of the accounts among them.
    pub routes: Vec<String>,
}

impl Names {
    /// Looks at what the attributes left behind.
    pub fn linked() -> Self {
        let descriptors: Vec<&'static Descriptor> =
            inventory::iter::<Descriptor>.into_iter().chain(&ACCOUNT_ROUTES).collect();
        let mut namespaces = collect::known_handlers(&descriptors);
        for events in namespaces.values_mut() {
            events.insert(RENEW);
        }
        Self { namespaces, routes: routes::names(&descriptors) }
    }
}
