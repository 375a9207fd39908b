//! Whether the paths of routes go together.

use super::{Descriptor, Role};

/// A path that Socket.IO takes, and two paths that no router can tell apart, such as `/a/{id}` and `/a/{name}`.
pub(super) fn find_conflicts(descriptors: &[&'static Descriptor], socketio: &str, problems: &mut Vec<String>) {
    let mut router = matchit::Router::new();
    let mut seen: Vec<&str> = Vec::new();
    for descriptor in descriptors {
        let Role::Route { path, .. } = descriptor.role else { continue };
        // the same path with another method is no conflict
        if seen.contains(&path) {
            continue;
        }
        seen.push(path);
        if path.starts_with(socketio) {
            problems.push(format!("{}: the path {path:?} belongs to Socket.IO (socketio.path)", descriptor.location));
        }
        if let Err(error) = router.insert(path, ()) {
            problems.push(format!("{}: the path {path:?} cannot be served: {error}", descriptor.location));
        }
    }
}
