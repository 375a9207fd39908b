//! Collects what the attributes left behind, and finds what contradicts.

use super::{
    ANY, Descriptor, Listing, NamespaceEntry, Needs, Problems, Registry, Role, middleware, paths, policy, presence,
    replies,
    requirements::{self, Offer, Requirement},
    reserved, routes, unknown_settings,
};
use crate::{auth::ACCOUNT_ROUTES, config::Config};
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
        unknown_settings::find(config, &descriptors, &known, &mut problems);
        policy::find_contradictions(known.keys().copied(), &descriptors, config, &mut problems);
        if let Some(offer) = offer {
            requirements::find_unmet(&requirements, &descriptors, config, offer, &mut problems);
        }
        Problems::check(problems)?;

        let settings = config.settings();
        let made = |path: &&'static str| Arc::new(NamespaceEntry::of(path, &requirements, settings, before));
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
