//! `[health]`: where others ask whether this process works.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::Review;

/// Where load balancers and supervisors ask whether this process works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// The path above `/live` and `/ready`. Default "/health". It begins with "/" and does not end
    /// with it; letters, digits and - . _ ~ may stand between.
    #[schemars(extend("x-restart" = true))]
    pub path: String,
    /// Whether it is answered beside the application, to everybody. Default true.
    #[schemars(extend("x-restart" = true))]
    pub public: bool,
}

impl Default for Health {
    fn default() -> Self {
        Self { path: "/health".to_owned(), public: true }
    }
}

impl Health {
    /// The paths that are answered beside the application: whether the process lives, and whether it is ready.
    pub(crate) fn paths(&self) -> Option<[String; 2]> {
        self.public.then(|| ["live", "ready"].map(|what| format!("{}/{what}", self.path)))
    }

    /// `socketio` is where Socket.IO is served.
    pub(super) fn review(&self, socketio: &str, review: &mut Review<'_>) {
        if review.path(&["health", "path"], &self.path, "/health") && self.public && is_below(&self.path, socketio) {
            review.contradict(
                &[&["health", "path"], &["socketio", "path"]],
                format!("lies in socketio.path, which is {socketio:?}: choose another one"),
            );
        }
    }
}

/// Whether a path is another one or lies in it.
pub(crate) fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
