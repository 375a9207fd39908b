//! Collects what the attributes left behind, and finds what contradicts.

use super::{
    ANY, Descriptor, EventEntry, Listing, NamespaceEntry, Needs, Options, Policy, Problems, Registry, Role, Terms,
    middleware,
    namespaces::{ConnectEntry, DisconnectEntry},
    paths, policy, presence, replies,
    requirements::Requirement,
    reserved, routes,
};
use crate::{
    auth::{
        ACCOUNT_ROUTES,
        events::{RENEW, renew},
    },
    config::{Config, Settings},
    dispatch::{ConnectionMetrics, EventMetrics, Rates, UNKNOWN},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

impl Registry {
    /// Collects everything that is linked into this program, and the runtime's own routes where they are switched on.
    pub(crate) fn collect(config: &Config) -> Result<Self, Problems> {
        let accounts = config.settings().auth.accounts.as_ref().map(|_| &ACCOUNT_ROUTES);
        let linked = inventory::iter::<Descriptor>.into_iter();
        Self::build(linked.chain(accounts.into_iter().flatten()).collect(), config)
    }

    fn build(mut descriptors: Vec<&'static Descriptor>, config: &Config) -> Result<Self, Problems> {
        descriptors.sort_by_key(|descriptor| descriptor.location);
        let mut problems = Vec::new();
        let mut listings: Vec<Listing> = descriptors.iter().copied().filter_map(Listing::of).collect();
        listings.sort();
        if inventory::iter::<Descriptor>.into_iter().next().is_none() {
            problems.push(
                "there are no handlers: annotate a function with #[handler], and name the crate it is in in main.rs \
                 (`use my_handlers as _;`)"
                    .to_owned(),
            );
        }
        find_duplicates(&descriptors, &mut problems);
        paths::find_conflicts(&descriptors, &config.settings().socketio.path, &mut problems);
        let requirements: Vec<Requirement> = descriptors.iter().copied().map(require).collect();
        find_error_replies(&requirements, &mut problems);
        presence::find_conflicts(&requirements, &mut problems);
        reserved::find_taken(&descriptors, &mut problems);
        let known = known_handlers(&descriptors);
        middleware::find_problems(&descriptors, known.keys().copied(), &mut problems);
        find_unknown_settings(config, &descriptors, &known, &mut problems);
        policy::find_contradictions(known.keys().copied(), &descriptors, config, &mut problems);
        Problems::check(problems)?;

        let settings = config.settings();
        let namespaces: Vec<_> = known.keys().map(|path| Arc::new(namespace(path, &requirements, settings))).collect();
        let routes = routes::collect(&requirements, settings);
        for listing in &mut listings {
            listing.complete(&namespaces, &routes, settings);
        }
        Ok(Self { namespaces, routes, listings, requirements })
    }
}

fn require(descriptor: &'static Descriptor) -> Requirement {
    let mut needs = Needs::default();
    (descriptor.declare)(&mut needs);
    Requirement { descriptor, needs }
}

/// Each thing is served by one function only.
fn find_duplicates(descriptors: &[&'static Descriptor], problems: &mut Vec<String>) {
    let mut seen = BTreeMap::new();
    for descriptor in descriptors {
        let key = match descriptor.role {
            Role::Event { namespace, event: ANY, .. } => format!("every other event of {namespace}"),
            Role::Event { namespace, event, .. } => format!("the event {event:?} of {namespace}"),
            Role::Connect { namespace, .. } => format!("connecting to {namespace}"),
            Role::Disconnect { namespace, .. } => format!("disconnecting from {namespace}"),
            Role::ConnectMiddleware { .. } | Role::EventMiddleware { .. } | Role::Emitted { .. } => continue,
            Role::Route { method, path, .. } => routes::name(method, path),
        };
        if let Some(first) = seen.insert(key.clone(), descriptor.location) {
            problems.push(format!("{key} has two handlers: {first} and {}", descriptor.location));
        }
    }
}

/// A reply with a top-level `error` looks like a failure to clients.
fn find_error_replies(requirements: &[Requirement], problems: &mut Vec<String>) {
    for Requirement { descriptor, needs } in requirements {
        let Some(reply) = needs.reply else { continue };
        if replies::has_error_property(reply) {
            problems.push(format!(
                "{}: the reply has a property `error` at its top, which clients take for a failure: rename it",
                descriptor.location
            ));
        }
    }
}

type Known = BTreeMap<&'static str, BTreeSet<&'static str>>;

/// The namespaces that have handlers, with their events.
fn known_handlers(descriptors: &[&'static Descriptor]) -> Known {
    let mut known = Known::new();
    for descriptor in descriptors {
        match descriptor.role {
            Role::Event { namespace, event, .. } => {
                known.entry(namespace).or_default().insert(event);
            }
            Role::Connect { namespace, .. } | Role::Disconnect { namespace, .. } | Role::Emitted { namespace, .. } => {
                known.entry(namespace).or_default();
            }
            Role::ConnectMiddleware { .. } | Role::EventMiddleware { .. } | Role::Route { .. } => {}
        }
    }
    known
}

/// Settings for a namespace, handler or route that does not exist are a mistake, most likely a typing one.
fn find_unknown_settings(
    config: &Config,
    descriptors: &[&'static Descriptor],
    known: &Known,
    problems: &mut Vec<String>,
) {
    let routes = routes::names(descriptors);
    let settings = config.settings();
    for namespace in settings.namespaces.keys() {
        if !known.contains_key(namespace.as_str()) {
            let place = config.place(&["namespaces", namespace]);
            let hint = nearest(namespace, known.keys().copied());
            problems.push(format!("{place}namespaces.{namespace:?}: no handler serves this namespace{hint}"));
        }
    }
    for (namespace, events) in &settings.handlers {
        let Some(known_events) = known.get(namespace.as_str()) else {
            let place = config.place(&["handlers", namespace]);
            let hint = nearest(namespace, known.keys().copied());
            problems.push(format!("{place}handlers.{namespace:?}: no handler serves this namespace{hint}"));
            continue;
        };
        let mut known_events = known_events.clone();
        if Policy::of(namespace, descriptors, settings).authenticates() {
            known_events.insert(RENEW);
        }
        for event in events.keys().filter(|event| !known_events.contains(event.as_str())) {
            let place = config.place(&["handlers", namespace, event]);
            let hint = nearest(event, known_events.iter().copied());
            let what =
                if event == ANY { "there is no catch-all, #[handler(any)]" } else { "no handler serves this event" };
            problems.push(format!("{place}handlers.{namespace:?}.{event}: {what}{hint}"));
        }
    }
    for route in settings.routes.keys().filter(|route| !routes.contains(route)) {
        let place = config.place(&["routes", route]);
        let hint = nearest(route, routes.iter().map(String::as_str));
        problems.push(format!("{place}routes.{route:?}: there is no such route{hint}"));
    }
}

pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min()
        .map(|(_, candidate)| format!("; did you mean {candidate:?}?"))
        .unwrap_or_default()
}

fn namespace(path: &'static str, requirements: &[Requirement], settings: &Settings) -> NamespaceEntry {
    let descriptors: Vec<_> = requirements.iter().map(|requirement| requirement.descriptor).collect();
    let mut entry = NamespaceEntry {
        path,
        policy: Policy::of(path, &descriptors, settings),
        events: std::collections::HashMap::new(),
        connect: None,
        disconnect: None,
        rates_of_others: Rates::new(settings.events.rate_limit),
        metrics_of_others: EventMetrics::new(path, UNKNOWN),
        connection_metrics: ConnectionMetrics::new(path),
        connect_rates: Rates::of_connecting(settings.socketio.connect_rate_limit),
        middleware: middleware::connect_chain(path, &descriptors),
    };
    let around: Arc<[_]> = middleware::event_chain(path, &descriptors).into();
    for Requirement { descriptor, needs } in requirements {
        match descriptor.role {
            Role::Event { namespace, event, options, concurrent, call, .. } if namespace == path => {
                let own = settings.handlers.get(path).and_then(|events| events.get(event));
                let own = own.cloned().unwrap_or_default();
                let handler = EventEntry {
                    call,
                    terms: Terms::of_event(&options, needs, &own, settings),
                    concurrent: own.concurrent.unwrap_or(concurrent),
                    metrics: EventMetrics::new(path, event),
                    middleware: around.clone(),
                };
                entry.events.insert(event, Arc::new(handler));
            }
            Role::Connect { namespace, call, .. } if namespace == path => entry.connect = Some(ConnectEntry { call }),
            Role::Disconnect { namespace, call } if namespace == path => {
                entry.disconnect = Some(DisconnectEntry { call });
            }
            _ => {}
        }
    }
    if entry.policy.authenticates() {
        entry.events.insert(RENEW, Arc::new(renewal(path, settings)));
    }
    entry
}

/// What serves `auth:renew`, in every namespace that authenticates. It is the runtime's own: no middleware is around it.
fn renewal(path: &'static str, settings: &Settings) -> EventEntry {
    let own = settings.handlers.get(path).and_then(|events| events.get(RENEW)).cloned().unwrap_or_default();
    EventEntry {
        call: renew,
        terms: Terms::of_event(&Options::NONE, &Needs::default(), &own, settings),
        concurrent: own.concurrent.unwrap_or(true),
        metrics: EventMetrics::new(path, RENEW),
        middleware: Arc::new([]),
    }
}
