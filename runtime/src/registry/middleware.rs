//! Whether each chain of middleware has one order, and guards what exists.

use super::{Descriptor, Location, Role, collect::nearest};
use std::collections::BTreeMap;

/// A middleware of a namespace that does not exist guards nothing; two of equal order have no order.
pub(super) fn find_problems(
    descriptors: &[&'static Descriptor],
    namespaces: impl Iterator<Item = &'static str> + Clone,
    problems: &mut Vec<String>,
) {
    let chain: Vec<(Option<&str>, i32, Location)> = descriptors
        .iter()
        .filter_map(|descriptor| match descriptor.role {
            Role::ConnectMiddleware { namespace, order, .. } => Some((namespace, order, descriptor.location)),
            _ => None,
        })
        .collect();
    for (namespace, _, location) in &chain {
        if let Some(namespace) = namespace.filter(|namespace| !namespaces.clone().any(|known| known == *namespace)) {
            let hint = nearest(namespace, namespaces.clone());
            problems.push(format!(
                "{location}: no handler serves the namespace {namespace:?}, so this guards nothing{hint}"
            ));
        }
    }
    for path in namespaces {
        let mut orders = BTreeMap::new();
        for (_, order, location) in chain.iter().filter(|(namespace, ..)| namespace.is_none_or(|own| own == path)) {
            if let Some(first) = orders.insert(order, location) {
                problems.push(format!(
                    "order {order} in the connect middleware of {path} is given twice: {first} and {location}"
                ));
            }
        }
    }
}
