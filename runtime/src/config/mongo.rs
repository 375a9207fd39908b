//! `[mongo]`: the database.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::duration::HumanDuration;
use super::mongo_address;
use super::review::Review;

/// The value of `mongo.uri` that asks for a private `mongod`.
pub const EMBEDDED: &str = "embedded";

/// The database and the connections to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mongo {
    /// "embedded" (the default) runs a private `mongod` beside the process; otherwise a connection
    /// string that begins with mongodb:// or mongodb+srv://. Secret, since it may hold a password.
    pub uri: Secret,
    /// The name of the database. Default "lambdio".
    pub database: String,
    /// How many connections to one database server may be open, beside one that looks whether it answers. Default 10.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_pool_size: u32,
    /// How long an operation waits for a usable database server. Default 2s:
    /// shorter than the deadline of any handler, which would otherwise be told "timeout" instead of
    /// "unavailable".
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub server_selection_timeout: Duration,
    /// How long one connection attempt may take. Default 5s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub connect_timeout: Duration,
    /// How long the start waits for a database at `uri` that does not answer yet. Default 30s. The
    /// embedded one has its own time.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub startup_timeout: Duration,
    /// The private `mongod`; read only where the URI is "embedded".
    pub embedded: Embedded,
}

/// The private `mongod` of `mongo.uri = "embedded"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Embedded {
    /// Where its data is kept. Default "data/mongodb". A relative path starts at the working
    /// directory.
    pub data_dir: PathBuf,
    /// The `mongod` to run. Default: the one on PATH, else the one in the cache, else it is fetched
    /// once. A relative path starts at the working directory.
    pub binary: Option<PathBuf>,
    /// Where a fetched `mongod` is kept. Default: the user's cache directory. A relative path
    /// starts at the working directory.
    pub cache_dir: Option<PathBuf>,
    /// Lets the production profile use the embedded database. Default false, since it is a single
    /// node without backups.
    pub allow_insecure: bool,
}

impl Default for Mongo {
    fn default() -> Self {
        Self {
            uri: EMBEDDED.into(),
            database: "lambdio".to_owned(),
            max_pool_size: 10,
            server_selection_timeout: Duration::from_secs(2),
            connect_timeout: Duration::from_secs(5),
            startup_timeout: Duration::from_secs(30),
            embedded: Embedded::default(),
        }
    }
}

impl Default for Embedded {
    fn default() -> Self {
        Self { data_dir: "data/mongodb".into(), binary: None, cache_dir: None, allow_insecure: false }
    }
}

impl Mongo {
    /// Whether a private `mongod` is asked for.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.uri.expose() == EMBEDDED
    }

    pub(super) fn review(&self, review: &mut Review<'_>) {
        let uri = self.uri.expose();
        let remote = ["mongodb://", "mongodb+srv://"].iter().any(|scheme| uri.starts_with(scheme));
        if !remote && !self.is_embedded() {
            review.reject(
                &["mongo", "uri"],
                "must be \"embedded\" or begin with mongodb:// or mongodb+srv:// (its value is not shown)",
            );
        }
        if remote && let Some(mistake) = mongo_address::mistake(uri) {
            review.reject(&["mongo", "uri"], mistake);
        }
        // https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions, the stricter
        // of the platforms.
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "/\\.\"$*<>:|?".contains(c);
        if self.database.is_empty() || self.database.len() > 63 || self.database.contains(forbidden) {
            review.reject(
                &["mongo", "database"],
                "must have 1 to 63 bytes, without spaces and without any of / \\ . \" $ * < > : | ?",
            );
        }
        review.positive(&["mongo", "server_selection_timeout"], self.server_selection_timeout);
        review.positive(&["mongo", "connect_timeout"], self.connect_timeout);
        review.positive(&["mongo", "startup_timeout"], self.startup_timeout);
        self.embedded.review(review);
        if review.profile().is_production() && self.is_embedded() {
            self.review_embedded_in_production(review);
        }
    }

    fn review_embedded_in_production(&self, review: &mut Review<'_>) {
        let allow = ["mongo", "embedded", "allow_insecure"];
        if self.embedded.allow_insecure {
            review.warn(&allow, "the production profile uses the embedded database: a single node without backups");
        } else {
            review.contradict(
                &[&["mongo", "uri"], &allow],
                "the production profile needs a database of its own; set mongo.uri to a mongodb:// address, or set \
                 mongo.embedded.allow_insecure = true to use the embedded one",
            );
        }
    }
}

impl Embedded {
    fn review(&self, review: &mut Review<'_>) {
        let paths = [
            ("data_dir", Some(&self.data_dir), "for \"data/mongodb\""),
            ("binary", self.binary.as_ref(), "to look for a mongod on PATH"),
            ("cache_dir", self.cache_dir.as_ref(), "for the user's cache directory"),
        ];
        for (key, path, without) in paths {
            if path.is_some_and(|path| path.as_os_str().is_empty()) {
                let message = format!("must not be empty; leave the key out {without}");
                review.reject(&["mongo", "embedded", key], message);
            }
        }
    }
}
