//! The chains of middleware: each has one order, and stands around what exists.

use super::{Descriptor, Location, MiddlewareEntry, Role, unknown_settings::nearest};
use crate::context::{ConnectContext, Context, MiddlewareContext};
use std::collections::BTreeMap;

/// Which chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Chain {
    Connect,
    Event,
}

/// A middleware, whatever its chain.
struct Member {
    chain: Chain,
    namespace: Option<&'static str>,
    order: i32,
    location: Location,
}

impl Member {
    fn of(descriptor: &Descriptor) -> Option<Self> {
        let location = descriptor.location;
        match descriptor.role {
            Role::ConnectMiddleware { namespace, order, .. } => {
                Some(Self { chain: Chain::Connect, namespace, order, location })
            }
            Role::EventMiddleware { namespace, order, .. } => {
                Some(Self { chain: Chain::Event, namespace, order, location })
            }
            _ => None,
        }
    }

    fn belongs_to(&self, path: &str) -> bool {
        self.namespace.is_none_or(|own| own == path)
    }
}

/// A middleware of a namespace that does not exist guards nothing; two of equal order have no order.
pub(super) fn find_problems(
    descriptors: &[&'static Descriptor],
    namespaces: impl Iterator<Item = &'static str> + Clone,
    problems: &mut Vec<String>,
) {
    let members: Vec<Member> = descriptors.iter().copied().filter_map(Member::of).collect();
    for Member { namespace, location, .. } in &members {
        if let Some(namespace) = namespace.filter(|namespace| !namespaces.clone().any(|known| known == *namespace)) {
            let hint = nearest(namespace, namespaces.clone());
            problems.push(format!(
                "{location}: no handler serves the namespace {namespace:?}, so this guards nothing{hint}"
            ));
        }
    }
    for path in namespaces {
        let mut orders = BTreeMap::new();
        for Member { chain, order, location, .. } in members.iter().filter(|member| member.belongs_to(path)) {
            if let Some(first) = orders.insert((chain, order), location) {
                let chain = match chain {
                    Chain::Connect => "connect",
                    Chain::Event => "event",
                };
                problems.push(format!(
                    "order {order} in the {chain} middleware of {path} is given twice: {first} and {location}"
                ));
            }
        }
    }
}

/// The middleware around connecting to a namespace, outermost first.
pub(super) fn connect_chain(path: &str, descriptors: &[&'static Descriptor]) -> Vec<MiddlewareEntry<ConnectContext>> {
    let members = descriptors.iter().filter_map(|descriptor| match descriptor.role {
        Role::ConnectMiddleware { namespace, order, call } if namespace.is_none_or(|own| own == path) => {
            Some(MiddlewareEntry { order, location: descriptor.location, call })
        }
        _ => None,
    });
    sorted(members.collect())
}

/// The middleware around the events of a namespace, outermost first.
pub(super) fn event_chain(path: &str, descriptors: &[&'static Descriptor]) -> Vec<MiddlewareEntry<MiddlewareContext>> {
    let members = descriptors.iter().filter_map(|descriptor| match descriptor.role {
        Role::EventMiddleware { namespace, order, call } if namespace.is_none_or(|own| own == path) => {
            Some(MiddlewareEntry { order, location: descriptor.location, call })
        }
        _ => None,
    });
    sorted(members.collect())
}

fn sorted<C: Context>(mut chain: Vec<MiddlewareEntry<C>>) -> Vec<MiddlewareEntry<C>> {
    chain.sort_by_key(|middleware| (middleware.order, middleware.location));
    chain
}
