//! Names of events that the runtime keeps for itself.

use super::{Descriptor, Role};
use crate::auth::events::PREFIX;

/// No event of the author's begins with `auth:`.
pub(super) fn find_taken(descriptors: &[&'static Descriptor], problems: &mut Vec<String>) {
    for descriptor in descriptors {
        let (Role::Event { event, .. } | Role::Emitted { event, .. }) = descriptor.role else { continue };
        if event.starts_with(PREFIX) {
            problems.push(format!(
                "{}: events that begin with {PREFIX:?} are the runtime's, see lambdio::auth::events: give {event:?} another \
                 name",
                descriptor.location
            ));
        }
    }
}
