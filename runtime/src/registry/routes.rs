//! What is registered for HTTP.

use super::{Call, Descriptor, Method, Registry, Role, Terms, requirements::Requirement, terms::Subject};
use crate::{config::Settings, context::HttpContext, log::Site};
use std::sync::Arc;

/// A route, with its settings.
pub(crate) struct RouteEntry {
    pub method: Method,
    pub path: &'static str,
    /// As the log names it.
    pub site: &'static Site,
    pub call: Call<HttpContext>,
    pub terms: Terms,
    /// Whether it reads its body as it comes, so that this need not be JSON.
    pub raw_body: bool,
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
pub(super) fn collect(
    requirements: &[Requirement],
    settings: &Settings,
    before: Option<&Registry>,
) -> Vec<Arc<RouteEntry>> {
    let entry = |Requirement { descriptor, needs }: &Requirement| match descriptor.role {
        Role::Route { method, path, options, call, .. } => {
            let own = settings.routes.get(&name(method, path)).cloned().unwrap_or_default();
            let before = before.and_then(|before| before.route(method, path)).map(|before| &before.terms);
            let subject = Subject { name: path, options: &options, needs, before };
            let terms = Terms::of_route(&subject, &own, settings);
            let site = Site::of_route(method.as_str(), path);
            Some(Arc::new(RouteEntry { method, path, site, call, terms, raw_body: needs.raw_body }))
        }
        _ => None,
    };
    let mut routes: Vec<_> = requirements.iter().filter_map(entry).collect();
    routes.sort_by_key(|route| (route.path, route.method));
    routes
}
