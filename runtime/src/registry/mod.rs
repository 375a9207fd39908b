//! What is registered: collected once at start, validated, frozen.
//!
//! - [`Descriptor`]: what an attribute leaves behind, one static value per annotated function or event type.
//! - [`Needs`]: what a handler's arguments and reply need.
//! - [`Registry`]: everything together, by namespace, with all problems reported at once.
//! - [`Listing`]: what `handlers` prints.
//! - `names`: the names that settings may use.

mod collect;
mod descriptor;
mod listing;
mod middleware;
mod names;
mod namespaces;
mod needs;
mod paths;
mod policy;
mod presence;
mod present;
mod problem;
mod replies;
mod requirements;
mod reserved;
mod roles;
mod routes;
mod terms;
mod unknown_settings;

pub use descriptor::{ANY, Call, Descriptor, Location, Method, Options, Role};
pub use listing::Listing;
pub(crate) use names::Names;
pub(crate) use namespaces::{EventEntry, MiddlewareEntry, NamespaceEntry};
pub(crate) use needs::{CollectionNeed, UserNeed};
pub use needs::{Needs, SchemaOf, schema_of};
pub(crate) use policy::Policy;
pub(crate) use present::{Cell, Present};
pub use problem::Problems;
pub(crate) use requirements::Offer;
pub(crate) use roles::Roles;
pub(crate) use routes::RouteEntry;
pub(crate) use terms::Terms;
pub(crate) use unknown_settings::nearest;

use std::{fmt, sync::Arc};

/// Everything that is registered in one application.
pub struct Registry {
    namespaces: Vec<Arc<NamespaceEntry>>,
    routes: Vec<Arc<RouteEntry>>,
    listings: Vec<Listing>,
    requirements: Vec<requirements::Requirement>,
}

impl Registry {
    /// Every namespace with a handler, sorted by path.
    pub(crate) fn namespaces(&self) -> &[Arc<NamespaceEntry>] {
        &self.namespaces
    }

    /// Every route, sorted by path and method.
    pub(crate) fn routes(&self) -> &[Arc<RouteEntry>] {
        &self.routes
    }

    /// Every handler, sorted by kind, namespace and event.
    #[must_use]
    pub fn listing(&self) -> &[Listing] {
        &self.listings
    }

    /// A namespace.
    pub(crate) fn namespace(&self, path: &str) -> Option<&Arc<NamespaceEntry>> {
        self.namespaces.iter().find(|entry| entry.path == path)
    }

    /// A route.
    pub(crate) fn route(&self, method: Method, path: &str) -> Option<&Arc<RouteEntry>> {
        self.routes.iter().find(|entry| entry.method == method && entry.path == path)
    }

    /// What a client goes through to connect, outermost first, by namespace: `login` or the roles it needs, such as `role
    /// admin`, and the middleware. Namespaces without any are left out.
    pub fn connect_chains(&self) -> impl Iterator<Item = (&'static str, Vec<String>)> {
        let chains = self.namespaces.iter().map(|entry| (entry.path, listing::connect_chain(entry)));
        chains.filter(|(_, chain)| !chain.is_empty())
    }

    /// The collections that handlers ask for, one entry a collection and type.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &CollectionNeed> {
        self.requirements.iter().flat_map(|requirement| &requirement.needs.collections)
    }

    /// Whether anything asks for the database.
    pub(crate) fn needs_database(&self) -> bool {
        self.requirements.iter().any(|requirement| requirement.needs.database)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.listings).finish()
    }
}
