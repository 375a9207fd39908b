//! Whether the application offers what its handlers need.

use super::{Descriptor, Needs, Options, Policy, Role, UserNeed, routes};
use crate::{
    auth::ClaimsType,
    config::{Access, Config, dotted},
};
use std::any::TypeId;

/// What is missing where users are asked for, and what would be right.
const NOBODY_LOGS_IN: &str =
    "nobody can log in: add [auth.accounts] to the configuration, or .authenticate(…) to the application";

/// A limit that counts only those who are logged in.
const PER_USER: [&str; 2] = ["rate_limit", "per_user"];

/// A handler and what it needs.
pub(crate) struct Requirement {
    pub descriptor: &'static Descriptor,
    pub needs: Needs,
}

/// What the application offers.
pub(crate) struct Offer {
    /// In the order they are made.
    pub provided: Vec<(TypeId, &'static str)>,
    /// Whether there are accounts, in doubt too.
    pub accounts: bool,
    /// What the application's own schemes say of users.
    pub schemes: Vec<ClaimsType>,
}

impl Offer {
    /// Whether somebody can log in at all.
    fn has_users(&self) -> bool {
        self.accounts || !self.schemes.is_empty()
    }
}

/// What needs are held against.
struct Given<'a> {
    config: &'a Config,
    descriptors: &'a [&'static Descriptor],
    offer: &'a Offer,
}

impl Given<'_> {
    /// Whether clients of a namespace must be logged in; `None` where that is in doubt.
    fn access(&self, namespace: &str) -> Option<Access> {
        let is_unsure = self.config.is_unsure(&["namespaces", namespace, "auth"]);
        (!is_unsure).then(|| Policy::of(namespace, self.descriptors, self.config.settings()).access)
    }
}

/// Finds every need that is not met.
pub(super) fn find_unmet(
    requirements: &[Requirement],
    descriptors: &[&'static Descriptor],
    config: &Config,
    offer: &Offer,
    problems: &mut Vec<String>,
) {
    let given = Given { config, descriptors, offer };
    for (position, (id, name)) in offer.provided.iter().enumerate() {
        if offer.provided.iter().take(position).any(|(earlier, _)| earlier == id) {
            problems.push(format!("{name} is provided twice: a handler could not tell which one it gets"));
        }
    }
    for requirement in requirements {
        check_user(requirement, &given, problems);
        check_terms(requirement.descriptor, &given, problems);
        check_namespace(requirement, &given, problems);
        check_provided(requirement, offer, problems);
        check_schemes(requirement, offer, problems);
    }
    if !offer.has_users() {
        problems.extend(limits_of_nobody(config));
        for (namespace, settings) in &config.settings().namespaces {
            if settings.auth.is_some_and(|auth| auth != Access::None) {
                let place = config.place(&["namespaces", namespace, "auth"]);
                problems.push(format!("{place}namespaces.{namespace:?}.auth asks for a login, but {NOBODY_LOGS_IN}"));
            }
        }
    }
}

/// Limits of users, of all events and of connecting, where nobody can log in.
fn limits_of_nobody(config: &Config) -> impl Iterator<Item = String> {
    let settings = config.settings();
    let limits = [
        (["events", "rate_limit", "per_user"], settings.events.rate_limit.per_user),
        (["socketio", "connect_rate_limit", "per_user"], settings.socketio.connect_rate_limit.per_user),
    ];
    let set = limits.into_iter().filter(|(_, limit)| limit.is_some());
    set.map(|(key, _)| format!("{}{} counts users, but {NOBODY_LOGS_IN}", config.place(&key), dotted(&key)))
}

fn check_user(requirement: &Requirement, given: &Given<'_>, problems: &mut Vec<String>) {
    let offer = given.offer;
    let (location, need) = (requirement.descriptor.location, requirement.needs.user);
    let argument = match need {
        UserNeed::None => return,
        UserNeed::Optional => "`Option<User>` asks for users",
        UserNeed::Required => "`User` asks for a login",
    };
    let (namespace, is_event) = match requirement.descriptor.role {
        Role::Event { namespace, .. } => (namespace, true),
        Role::Connect { namespace, .. }
        | Role::Disconnect { namespace, .. }
        | Role::ConnectMiddleware { namespace: Some(namespace), .. }
        | Role::EventMiddleware { namespace: Some(namespace), .. } => (namespace, false),
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
    match (given.access(namespace), need) {
        (Some(Access::None), need) => {
            let wanted = if need == UserNeed::Required { "required" } else { "optional" };
            problems.push(nobody_is_asked(given.config, &format!("{location}: {argument}"), namespace, wanted));
        }
        // an event is refused to guests; a connect handler or a middleware would put every guest out
        (Some(Access::Optional), UserNeed::Required) if !is_event => problems.push(format!(
            "{location}: {argument} in {namespace}, which lets guests in: set namespaces.{namespace:?}.auth = \"required\", \
             or take `Option<User>`"
        )),
        _ => {}
    }
}

/// Roles, `auth = "required"` and limits of users need a login, as `User` does.
fn check_terms(descriptor: &Descriptor, given: &Given<'_>, problems: &mut Vec<String>) {
    let (config, settings) = (given.config, given.config.settings());
    match descriptor.role {
        Role::Event { namespace, event, options, .. } => {
            let own = settings.handlers.get(namespace).and_then(|events| events.get(event));
            let limits_users = own.is_some_and(|own| own.rate_limit.per_user.is_some());
            let own = own.map_or((false, false), |own| (own.roles.is_some(), own.auth.is_some()));
            if given.access(namespace) == Some(Access::None) {
                let table = Table { config, path: ["handlers", namespace, event].to_vec() };
                let places = places_of_terms(descriptor, &options, &table, own);
                let places = places.map(|place| format!("{place} asks for a login"));
                problems.extend(places.map(|place| nobody_is_asked(config, &place, namespace, "required")));
                if limits_users {
                    let place = format!("{} counts users", table.key(&PER_USER));
                    problems.push(nobody_is_asked(config, &place, namespace, "optional"));
                }
            }
        }
        Role::Route { method, path, options, .. } => {
            let route = routes::name(method, path);
            let own = settings.routes.get(&route);
            let limits_users = own.is_some_and(|own| own.rate_limit.per_user.is_some());
            let own = own.map_or((false, false), |own| (own.roles.is_some(), own.auth.is_some()));
            if !given.offer.has_users() {
                let table = Table { config, path: ["routes", &route].to_vec() };
                let places = places_of_terms(descriptor, &options, &table, own);
                problems.extend(places.map(|place| format!("{place} asks for a login, but {NOBODY_LOGS_IN}")));
                if limits_users {
                    problems.push(format!("{} counts users, but {NOBODY_LOGS_IN}", table.key(&PER_USER)));
                }
            }
        }
        _ => {}
    }
}

/// The table of settings of one handler or route.
struct Table<'a> {
    config: &'a Config,
    path: Vec<&'a str>,
}

impl Table<'_> {
    /// A key in it, and where that was written.
    fn key(&self, key: &[&str]) -> String {
        let path = [&self.path[..], key].concat();
        format!("{}{}", self.config.place(&path), dotted(&path))
    }
}

/// Where roles and a login are asked for: under a key of the configuration, whose `own` says which there are, else in the
/// attribute.
fn places_of_terms(
    descriptor: &Descriptor,
    options: &Options,
    table: &Table<'_>,
    own: (bool, bool),
) -> impl Iterator<Item = String> {
    let location = descriptor.location;
    let (own_roles, own_auth) = own;
    [("roles", own_roles, !options.roles.is_empty()), ("auth", own_auth, options.login)].into_iter().filter_map(
        move |(key, configured, annotated)| match (configured, annotated) {
            (true, _) => Some(format!("{} ({location})", table.key(&[key]))),
            (false, true) => Some(format!("{location}: `{key}`")),
            (false, false) => None,
        },
    )
}

/// Somebody has to be logged in where nobody is asked who they are.
fn nobody_is_asked(config: &Config, place: &str, namespace: &str, wanted: &str) -> String {
    let said = config.origin(&["namespaces", namespace, "auth"]).map(|origin| format!(" ({origin})"));
    let said = said.unwrap_or_default();
    format!("{place} in {namespace}, which does not authenticate{said}: set namespaces.{namespace:?}.auth = {wanted:?}")
}

/// A namespace that asks for a login, where nobody can log in.
fn check_namespace(requirement: &Requirement, given: &Given<'_>, problems: &mut Vec<String>) {
    let Role::Connect { namespace, auth: Some(auth), .. } = requirement.descriptor.role else { return };
    let overridden = given.config.settings().namespaces.get(namespace).is_some_and(|own| own.auth.is_some());
    if auth != Access::None && !overridden && !given.offer.has_users() {
        problems.push(format!("{}: `auth` asks for a login, but {NOBODY_LOGS_IN}", requirement.descriptor.location));
    }
}

fn check_provided(requirement: &Requirement, offer: &Offer, problems: &mut Vec<String>) {
    for (id, name) in &requirement.needs.provided {
        if !offer.provided.iter().any(|(provided, _)| provided == id) {
            problems.push(format!(
                "{}: `Provided<{name}>` is not provided: add .provide(async |startup| …) to the application",
                requirement.descriptor.location
            ));
        }
    }
}

fn check_schemes(requirement: &Requirement, offer: &Offer, problems: &mut Vec<String>) {
    let location = requirement.descriptor.location;
    for claims in requirement.needs.claims.iter().filter(|claims| !offer.schemes.contains(claims)) {
        problems.push(format!(
            "{location}: no user has the claims of `User<{claims:?}>`: add .authenticate(…) with a scheme that has them to \
             the application"
        ));
    }
    if requirement.needs.sessions && !offer.has_users() {
        problems.push(format!("{location}: `Sessions` asks for users, but {NOBODY_LOGS_IN}"));
    }
}
