//! Whether the paths of routes go together.

use super::{Descriptor, Role};
use crate::config::{self, Config};

/// A path that Socket.IO or the health endpoints take, and two paths that no router can tell apart, such as `/a/{id}` and `/a/{name}`.
pub(super) fn find_conflicts(descriptors: &[&'static Descriptor], config: &Config, problems: &mut Vec<String>) {
    let settings = config.settings();
    let socketio = (!config.is_unsure(&["socketio", "path"])).then_some(&settings.socketio.path);
    let health = settings.health.paths().filter(|_| !config.is_unsure(&["health"])).unwrap_or_default();
    let written = |key: &[&str]| config.origin(key).map(|origin| format!(" ({origin})")).unwrap_or_default();
    let mut router = matchit::Router::new();
    let mut seen: Vec<&str> = Vec::new();
    for descriptor in descriptors {
        let Role::Route { path, .. } = descriptor.role else { continue };
        // the same path with another method is no conflict
        if seen.contains(&path) {
            continue;
        }
        seen.push(path);
        if socketio.is_some_and(|socketio| config::is_below(path, socketio)) {
            problems.push(format!(
                "{}: the path {path:?} belongs to Socket.IO: choose another one, or another socketio.path{}",
                descriptor.location,
                written(&["socketio", "path"])
            ));
        }
        if health.iter().any(|health| health == path) {
            problems.push(format!(
                "{}: the path {path:?} tells whether the server works: choose another one, or another health.path{}",
                descriptor.location,
                written(&["health", "path"])
            ));
        }
        if let Err(error) = router.insert(path, ()) {
            problems.push(format!("{}: the path {path:?} cannot be served: {error}", descriptor.location));
        }
    }
}
