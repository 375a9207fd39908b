//! Who may connect to a namespace.

use super::{Descriptor, Location, Role, Roles};
use crate::config::{Access, Config, Settings, roles_need_a_login};

/// Who may connect to a namespace: what `#[connect]` says, overridden by `[namespaces]`, key by key.
pub(crate) struct Policy {
    /// Whether a client must be logged in.
    pub access: Access,
    /// Of those who are logged in: who may.
    pub roles: Roles,
}

/// What `#[connect]` says.
#[derive(Default)]
struct Attribute {
    auth: Option<Access>,
    roles: &'static [&'static str],
    location: Option<Location>,
}

impl Policy {
    /// The policy of a namespace.
    pub fn of(namespace: &str, descriptors: &[&'static Descriptor], settings: &Settings) -> Self {
        let attribute = Attribute::of(namespace, descriptors);
        let own = settings.namespaces.get(namespace);
        Self {
            access: own.and_then(|own| own.auth).or(attribute.auth).unwrap_or_default(),
            roles: Roles::new(own.and_then(|own| own.roles.as_deref()), attribute.roles),
        }
    }

    /// Whether anybody is asked who they are.
    pub fn authenticates(&self) -> bool {
        self.access != Access::None
    }
}

impl Attribute {
    fn of(path: &str, descriptors: &[&'static Descriptor]) -> Self {
        let mut found = descriptors.iter().filter_map(|descriptor| match descriptor.role {
            Role::Connect { namespace, auth, roles, .. } if namespace == path => {
                Some(Self { auth, roles, location: Some(descriptor.location) })
            }
            _ => None,
        });
        found.next().unwrap_or_default()
    }
}

/// Roles where attribute and configuration together let in who is not logged in. Each of them alone was looked at before.
pub(super) fn find_contradictions(
    namespaces: impl Iterator<Item = &'static str>,
    descriptors: &[&'static Descriptor],
    config: &Config,
    problems: &mut Vec<String>,
) {
    let settings = config.settings();
    for namespace in namespaces {
        let policy = Policy::of(namespace, descriptors, settings);
        if policy.roles.is_empty() || policy.access == Access::Required {
            continue;
        }
        if ["auth", "roles"].iter().any(|key| config.is_unsure(&["namespaces", namespace, key])) {
            continue;
        }
        let needed = roles_need_a_login(namespace);
        let configured = settings.namespaces.get(namespace).is_some_and(|own| own.roles.is_some());
        match Attribute::of(namespace, descriptors).location.filter(|_| !configured) {
            Some(location) => {
                let place = config.place(&["namespaces", namespace, "auth"]);
                problems.push(format!("{place}namespaces.{namespace:?}.auth: {location} asks for roles: {needed}"));
            }
            None => {
                let place = config.place(&["namespaces", namespace, "roles"]);
                problems.push(format!("{place}namespaces.{namespace:?}.roles: {needed}"));
            }
        }
    }
}
