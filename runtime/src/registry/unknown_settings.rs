//! Settings for what nobody serves.

use super::{ANY, Descriptor, Policy, collect::Known, routes};
use crate::{
    auth::{ACCOUNT_ROUTES, events::RENEW},
    config::{self, Config, dotted},
};

/// Settings for a namespace, handler or route that does not exist are a mistake, most likely a typing one.
pub(super) fn find(config: &Config, descriptors: &[&'static Descriptor], known: &Known, problems: &mut Vec<String>) {
    let mut routes = routes::names(descriptors);
    let of_accounts = routes::names(&ACCOUNT_ROUTES.iter().collect::<Vec<_>>());
    if config.may_have_accounts() {
        routes.extend(of_accounts.iter().cloned());
    }
    let settings = config.settings();
    // without the slash it was reported as wrong in itself
    let is_namespace = |name: &&String| name.starts_with('/');
    for namespace in settings.namespaces.keys().filter(is_namespace) {
        if !known.contains_key(namespace.as_str()) {
            let place = config.place(&["namespaces", namespace]);
            let hint = nearest(namespace, known.keys().copied());
            problems.push(format!("{place}namespaces.{namespace:?}: no handler serves this namespace{hint}"));
        }
    }
    for (namespace, events) in settings.handlers.iter().filter(|(namespace, _)| is_namespace(namespace)) {
        let Some(known_events) = known.get(namespace.as_str()) else {
            let place = config.place(&["handlers", namespace]);
            let hint = nearest(namespace, known.keys().copied());
            problems.push(format!("{place}handlers.{namespace:?}: no handler serves this namespace{hint}"));
            continue;
        };
        let mut known_events = known_events.clone();
        if Policy::of(namespace, descriptors, settings).authenticates()
            || config.is_unsure(&["namespaces", namespace, "auth"])
        {
            known_events.insert(RENEW);
        }
        for event in events.keys().filter(|event| !known_events.contains(event.as_str())) {
            let place = config.place(&["handlers", namespace, event]);
            let what = if event == ANY {
                "there is no catch-all, #[handler(any)]".to_owned()
            } else if event == RENEW {
                format!(
                    "it is served only where users log in: set namespaces.{namespace:?}.auth = \"optional\" or \"required\", or \
                     leave the section out"
                )
            } else {
                format!("no handler serves this event{}", nearest(event, known_events.iter().copied()))
            };
            let key = dotted(&["handlers", namespace, event]);
            problems.push(format!("{place}{key}: {what}"));
        }
    }
    for route in settings.routes.keys().filter(|route| !routes.contains(route)) {
        let place = config.place(&["routes", route]);
        if of_accounts.contains(route) {
            let without = "there is this route only with accounts: add [auth.accounts], or leave the section out";
            problems.push(format!("{place}routes.{route:?}: {without}"));
            continue;
        }
        // what its parameters are called does not make it another route
        let same = routes.iter().find(|known| nameless(known).eq(nameless(route)));
        // nor does its method, where the path is right
        let same = same.or_else(|| routes.iter().find(|known| path_of(known) == path_of(route)));
        let mut hint = same.map_or_else(
            || nearest(route, routes.iter().map(String::as_str)),
            |same| format!("; did you mean {same:?}?"),
        );
        if hint.is_empty() {
            hint.push_str("; the command `handlers` lists those there are");
        }
        problems.push(format!("{place}routes.{route:?}: there is no such route{hint}"));
    }
}

/// The path of a route, without its method.
fn path_of(route: &str) -> &str {
    route.split_once(' ').map_or(route, |(_, path)| path.trim_start())
}

/// A route without the names of its parameters.
fn nameless(route: &str) -> impl Iterator<Item = &str> {
    route.split('/').map(|part| if part.starts_with('{') { "{}" } else { part })
}

/// What was probably meant; else what there is, if that is little.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    /// More names than this are not listed.
    const LISTED: usize = 16;
    let candidates: Vec<&str> = candidates.collect();
    if let Some(near) = config::nearest(name, candidates.iter().copied()) {
        return format!("; did you mean {near:?}?");
    }
    if candidates.is_empty() || candidates.len() > LISTED {
        return String::new();
    }
    let listed: Vec<_> = candidates.iter().map(|candidate| format!("{candidate:?}")).collect();
    format!("; there {} {}", if listed.len() == 1 { "is" } else { "are" }, listed.join(", "))
}
