//! `[pages]`: static files.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::content_policy;
use super::duration::HumanDuration;
use super::review::Review;

/// A directory of static files, served for what no route serves, to everybody.
///
/// `/` is `index.html`, `/login` is `login.html` where there is no file `login`, `/guide/` is `guide/index.html`. For an address
/// that leads nowhere, browsers get `404.html`. Directories are not listed, and nothing is served whose name, or whose
/// directory's name, begins with a dot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// The directory. Default: none, and no files are served. A relative path starts at the working directory. Symbolic links in
    /// it are followed as long as they stay in it.
    pub dir: Option<PathBuf>,
    /// The header `Content-Security-Policy` of every page. The default allows scripts, styles, images, fonts, connections,
    /// manifest and workers in files of this server, and nothing inline, nothing elsewhere, no frames.
    pub content_security_policy: String,
    /// How long browsers and caches keep files below `/assets/` without asking again. Default 365days: the name of such a file
    /// has to change with its content. With 0s they ask each time, as for all other files.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub assets_max_age: Duration,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            dir: None,
            content_security_policy: content_policy::STRICT.to_owned(),
            assets_max_age: Duration::from_hours(365 * 24),
        }
    }
}

impl Pages {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        if self.dir.as_ref().is_some_and(|dir| dir.as_os_str().is_empty()) {
            review.reject(
                &["pages", "dir"],
                "must not be empty; \".\" is the working directory, without the key no files are served",
            );
        }
        if let Err(reason) = content_policy::check(&self.content_security_policy) {
            review.reject(&["pages", "content_security_policy"], reason);
        }
        review.not_endless(&["pages", "assets_max_age"], self.assets_max_age);
    }
}
