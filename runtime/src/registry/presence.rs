//! Events that belong to presence.

use super::{Role, requirements::Requirement};
use crate::presence::EVENTS;

/// In a namespace whose handlers use `Presence`, its events are the runtime's.
pub(super) fn find_conflicts(requirements: &[Requirement], problems: &mut Vec<String>) {
    let uses_presence = |path: &str| {
        let mut users = requirements.iter().filter(|requirement| requirement.needs.presence);
        users.any(|user| match user.descriptor.role {
            Role::Event { namespace, .. } | Role::Connect { namespace, .. } | Role::Disconnect { namespace, .. } => {
                namespace == path
            }
            Role::ConnectMiddleware { namespace, .. } | Role::EventMiddleware { namespace, .. } => {
                namespace.is_none_or(|own| own == path)
            }
            Role::Route { .. } | Role::Emitted { .. } => false,
        })
    };
    for Requirement { descriptor, .. } in requirements {
        let Role::Emitted { namespace, event, .. } = descriptor.role else { continue };
        if EVENTS.iter().any(|known| known.name == event) && uses_presence(namespace) {
            problems.push(format!(
                "{}: {event:?} is an event of `Presence`, which a handler of {namespace} uses: give this event another \
                 name",
                descriptor.location
            ));
        }
    }
}
