//! Collects what the attributes left behind, and finds what contradicts.

use super::{
    ANY, Descriptor, EventEntry, Listing, NamespaceEntry, Needs, Options, Policy, Problems, Registry, Role, Terms,
    middleware,
    namespaces::{ConnectEntry, DisconnectEntry},
    paths, policy, presence, replies,
    requirements::{self, Offer, Requirement},
    reserved, routes,
    terms::Subject,
};
use crate::{
    auth::{
        ACCOUNT_ROUTES,
        events::{RENEW, renew},
    },
    config::{self, Config, Settings, dotted},
    dispatch::Rates,
    log::Site,
    metrics::{ConnectionMetrics, EventMetrics, UNKNOWN},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

impl Registry {
    /// Collects everything that is linked into this program, and the runtime's own routes where they are switched on.
    ///
    /// What handlers need is held against what the application offers, where that is given. Of wrong settings, what depends
    /// on the mistakes is not looked at.
    pub(crate) fn collect(config: &Config, offer: Option<&Offer>) -> Result<Self, Problems> {
        Self::collect_after(config, offer, None)
    }

    /// The same for settings that take the place of those that `before` was made with. What is counted goes on: what users
    /// and addresses have used up where the rate stays, and what runs at the same time.
    pub(crate) fn collect_after(
        config: &Config,
        offer: Option<&Offer>,
        before: Option<&Self>,
    ) -> Result<Self, Problems> {
        let accounts = config.settings().auth.accounts.as_ref().map(|_| &ACCOUNT_ROUTES);
        let linked = inventory::iter::<Descriptor>.into_iter();
        Self::build(linked.chain(accounts.into_iter().flatten()).collect(), config, offer, before)
    }

    fn build(
        mut descriptors: Vec<&'static Descriptor>,
        config: &Config,
        offer: Option<&Offer>,
        before: Option<&Self>,
    ) -> Result<Self, Problems> {
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
        paths::find_conflicts(&descriptors, config, &mut problems);
        let requirements: Vec<Requirement> = descriptors.iter().copied().map(require).collect();
        find_error_replies(&requirements, &mut problems);
        presence::find_conflicts(&requirements, &mut problems);
        reserved::find_taken(&descriptors, &mut problems);
        let known = known_handlers(&descriptors);
        middleware::find_problems(&descriptors, known.keys().copied(), &mut problems);
        find_unknown_settings(config, &descriptors, &known, &mut problems);
        policy::find_contradictions(known.keys().copied(), &descriptors, config, &mut problems);
        if let Some(offer) = offer {
            requirements::find_unmet(&requirements, &descriptors, config, offer, &mut problems);
        }
        Problems::check(problems)?;

        let settings = config.settings();
        let made = |path: &&'static str| Arc::new(namespace(path, &requirements, settings, before));
        let namespaces: Vec<_> = known.keys().map(made).collect();
        let routes = routes::collect(&requirements, settings, before);
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

pub(super) type Known = BTreeMap<&'static str, BTreeSet<&'static str>>;

/// The namespaces that have handlers, with their events.
pub(super) fn known_handlers(descriptors: &[&'static Descriptor]) -> Known {
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

fn namespace(
    path: &'static str,
    requirements: &[Requirement],
    settings: &Settings,
    before: Option<&Registry>,
) -> NamespaceEntry {
    let before = before.and_then(|before| before.namespace(path)).map(Arc::as_ref);
    let descriptors: Vec<_> = requirements.iter().map(|requirement| requirement.descriptor).collect();
    let mut entry = NamespaceEntry {
        path,
        policy: Policy::of(path, &descriptors, settings),
        events: std::collections::HashMap::new(),
        connect: None,
        connect_site: Site::of_event(path, "connect"),
        disconnect: None,
        rates_of_others: Rates::new(UNKNOWN, settings.events.rate_limit, before.map(|before| &before.rates_of_others)),
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
            Role::Connect { namespace, call, .. } if namespace == path => entry.connect = Some(ConnectEntry { call }),
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
