//! What is registered, as the present settings have it.

use super::{NamespaceEntry, Registry, RouteEntry};
use arc_swap::{ArcSwap, Guard};
use std::sync::Arc;

/// An entry that stays, with settings that change: what is in there is the present one.
pub(crate) struct Cell<T>(Arc<ArcSwap<T>>);

/// Every namespace and every route, for those who serve them. Which there are never changes, only their settings do.
pub(crate) struct Present {
    namespaces: Vec<Cell<NamespaceEntry>>,
    routes: Vec<Cell<RouteEntry>>,
}

impl Present {
    pub fn new(registry: &Registry) -> Self {
        Self {
            namespaces: registry.namespaces().iter().map(Cell::new).collect(),
            routes: registry.routes().iter().map(Cell::new).collect(),
        }
    }

    /// Every namespace, sorted by path.
    pub fn namespaces(&self) -> &[Cell<NamespaceEntry>] {
        &self.namespaces
    }

    /// Every route, sorted by path and method.
    pub fn routes(&self) -> &[Cell<RouteEntry>] {
        &self.routes
    }

    /// The entries of this registry hold from now on. Invocations that were accepted before keep theirs.
    pub fn take_over(&self, registry: &Registry) {
        for cell in &self.namespaces {
            let before = cell.load();
            if let Some(entry) = registry.namespace(before.path) {
                entry.take_over(&before);
                cell.0.store(entry.clone());
            }
        }
        for cell in &self.routes {
            let before = cell.load();
            if let Some(entry) = registry.route(before.method, before.path) {
                entry.terms.take_over(&before.terms);
                cell.0.store(entry.clone());
            }
        }
    }
}

impl<T> Cell<T> {
    fn new(entry: &Arc<T>) -> Self {
        Self(Arc::new(ArcSwap::new(entry.clone())))
    }

    /// The present entry, for a moment: not to be kept while something is awaited.
    pub fn load(&self) -> Guard<Arc<T>> {
        self.0.load()
    }

    /// The present entry, to be kept.
    pub fn get(&self) -> Arc<T> {
        self.0.load_full()
    }
}

impl<T> Clone for Cell<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
