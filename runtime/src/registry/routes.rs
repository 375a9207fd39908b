//! What is registered for HTTP.

use super::{Call, Descriptor, Method, Role, Terms};
use crate::{config::Settings, context::HttpContext};
use std::sync::Arc;

/// A route, with its settings.
pub(crate) struct RouteEntry {
    pub method: Method,
    pub path: &'static str,
    pub call: Call<HttpContext>,
    pub terms: Terms,
}

/// The name of a route, such as `GET /documents/{id}`: in `[routes]`, and in the list of handlers.
pub(super) fn name(method: Method, path: &str) -> String {
    format!("{} {path}", method.as_str())
}

/// The names of all routes.
pub(super) fn names(descriptors: &[&'static Descriptor]) -> Vec<String> {
    let name = |descriptor: &&Descriptor| match descriptor.role {
        Role::Route { method, path, .. } => Some(name(method, path)),
        _ => None,
    };
    descriptors.iter().filter_map(name).collect()
}

/// All routes, sorted by path and method.
pub(super) fn collect(descriptors: &[&'static Descriptor], settings: &Settings) -> Vec<Arc<RouteEntry>> {
    let entry = |descriptor: &&Descriptor| match descriptor.role {
        Role::Route { method, path, options, call, .. } => {
            let own = settings.routes.get(&name(method, path)).cloned().unwrap_or_default();
            Some(Arc::new(RouteEntry { method, path, call, terms: Terms::of_route(&options, &own, settings) }))
        }
        _ => None,
    };
    let mut routes: Vec<_> = descriptors.iter().filter_map(entry).collect();
    routes.sort_by_key(|route| (route.path, route.method));
    routes
}
