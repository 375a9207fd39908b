//! Whether the application offers what its handlers need.

use super::{Descriptor, Needs, Options, Problems, Registry, Role, UserNeed, routes};
use crate::{
    auth::ClaimsType,
    config::{Access, Settings},
};
use std::any::TypeId;

/// What is missing where users are asked for, and what would be right.
const NOBODY_LOGS_IN: &str =
    "nobody can log in: add [auth.accounts] to the configuration, or .authenticate(…) to the application";

/// A handler and what it needs.
pub(crate) struct Requirement {
    pub descriptor: &'static Descriptor,
    pub needs: Needs,
}

/// What the application offers.
pub(crate) struct Offer<'a> {
    pub settings: &'a Settings,
    /// In the order they are made.
    pub provided: Vec<(TypeId, &'static str)>,
    /// Whether there are accounts.
    pub accounts: bool,
    /// What the application's own schemes say of users.
    pub schemes: Vec<ClaimsType>,
}

impl Offer<'_> {
    /// Whether somebody can log in at all.
    fn has_users(&self) -> bool {
        self.accounts || !self.schemes.is_empty()
    }
}

/// Finds every need that is not met.
pub(crate) fn check(registry: &Registry, offer: &Offer<'_>) -> Result<(), Problems> {
    let mut problems = Vec::new();
    for (position, (id, name)) in offer.provided.iter().enumerate() {
        if offer.provided.iter().take(position).any(|(earlier, _)| earlier == id) {
            problems.push(format!("{name} is provided twice: a handler could not tell which one it gets"));
        }
    }
    for requirement in &registry.requirements {
        check_user(requirement, offer, &mut problems);
        check_roles(requirement.descriptor, offer, &mut problems);
        check_provided(requirement, offer, &mut problems);
        check_schemes(requirement, offer, &mut problems);
    }
    if !offer.has_users() {
        for (namespace, settings) in &offer.settings.namespaces {
            if settings.auth != Access::None {
                problems.push(format!("namespaces.{namespace:?}.auth asks for a login, but {NOBODY_LOGS_IN}"));
            }
        }
    }
    Problems::check(problems)
}

fn check_user(requirement: &Requirement, offer: &Offer<'_>, problems: &mut Vec<String>) {
    let (location, need) = (requirement.descriptor.location, requirement.needs.user);
    let argument = match need {
        UserNeed::None => return,
        UserNeed::Optional => "`Option<User>`",
        UserNeed::Required => "`User`",
    };
    let namespace = match requirement.descriptor.role {
        Role::Event { namespace, .. } | Role::Connect { namespace, .. } | Role::Disconnect { namespace, .. } => {
            namespace
        }
        Role::ConnectMiddleware { namespace: Some(namespace), .. }
        | Role::EventMiddleware { namespace: Some(namespace), .. } => namespace,
        // a middleware of every namespace sees a user where there is one
        Role::ConnectMiddleware { namespace: None, .. }
        | Role::EventMiddleware { namespace: None, .. }
        | Role::Emitted { .. } => return,
        Role::Route { .. } => {
            // one that asks for claims is told that nobody has them
            if !offer.has_users() && requirement.needs.claims.is_empty() {
                problems.push(format!("{location}: {argument}, but {NOBODY_LOGS_IN}"));
            }
            return;
        }
    };
    let policy = offer.settings.namespaces.get(namespace).map(|namespace| namespace.auth).unwrap_or_default();
    let wanted = if need == UserNeed::Required { "required" } else { "optional" };
    let met = match need {
        UserNeed::Required => policy == Access::Required,
        UserNeed::Optional | UserNeed::None => policy != Access::None,
    };
    if !met {
        problems.push(format!(
            "{location}: {argument} in {namespace}, which does not authenticate: set namespaces.{namespace:?}.auth = \
             {wanted:?}"
        ));
    }
}

/// Roles need a login, as `User` does.
fn check_roles(descriptor: &Descriptor, offer: &Offer<'_>, problems: &mut Vec<String>) {
    let settings = offer.settings;
    match descriptor.role {
        Role::Event { namespace, event, options, .. } => {
            let own = settings.handlers.get(namespace).and_then(|events| events.get(event));
            let own = own.is_some_and(|own| own.roles.is_some());
            let policy = settings.namespaces.get(namespace).map(|namespace| namespace.auth).unwrap_or_default();
            let key = format!("handlers.{namespace:?}.{event}.roles");
            if let Some(place) = place_of_roles(descriptor, &options, own.then_some(key))
                && policy != Access::Required
            {
                problems.push(format!(
                    "{place} in {namespace}, which does not authenticate: set namespaces.{namespace:?}.auth = \"required\""
                ));
            }
        }
        Role::Route { method, path, options, .. } => {
            let route = routes::name(method, path);
            let own = settings.routes.get(&route).is_some_and(|own| own.roles.is_some());
            let key = format!("routes.{route:?}.roles");
            if let Some(place) = place_of_roles(descriptor, &options, own.then_some(key))
                && !offer.has_users()
            {
                problems.push(format!("{place}, but {NOBODY_LOGS_IN}"));
            }
        }
        _ => {}
    }
}

/// Where roles are asked for, if they are: under a key of the configuration, else in the attribute.
fn place_of_roles(descriptor: &Descriptor, options: &Options, key: Option<String>) -> Option<String> {
    match key {
        Some(key) => Some(format!("{key} ({})", descriptor.location)),
        None => (!options.roles.is_empty()).then(|| format!("{}: `roles`", descriptor.location)),
    }
}

fn check_provided(requirement: &Requirement, offer: &Offer<'_>, problems: &mut Vec<String>) {
    for (id, name) in &requirement.needs.provided {
        if !offer.provided.iter().any(|(provided, _)| provided == id) {
            problems.push(format!(
                "{}: `Provided<{name}>` is not provided: add .provide(async |startup| …) to the application",
                requirement.descriptor.location
            ));
        }
    }
}

fn check_schemes(requirement: &Requirement, offer: &Offer<'_>, problems: &mut Vec<String>) {
    let location = requirement.descriptor.location;
    for claims in requirement.needs.claims.iter().filter(|claims| !offer.schemes.contains(claims)) {
        problems.push(format!(
            "{location}: no user has the claims of `User<{claims:?}>`: add .authenticate(…) with a scheme that has them to \
             the application"
        ));
    }
    if requirement.needs.sessions && !offer.has_users() {
        problems.push(format!("{location}: `Sessions`, but {NOBODY_LOGS_IN}"));
    }
}
