//! What a start would find, without starting or fetching anything, and without leaving anything behind.

use super::locate::{self, Found};
use super::{EmbeddedError, EmbeddedOptions, data_dir};
use crate::folder::writable;

/// What would be right, of a directory.
const RIGHT: &str = "; name a directory in which files can be made";

/// What is wrong with one of the settings `mongo.embedded.*`.
#[derive(Debug, thiserror::Error)]
#[error("mongo.embedded.{key}: {problem}")]
pub(crate) struct Wrong {
    /// The last part of its key.
    pub(in crate::mongo) key: &'static str,
    /// What is wrong, and what would be right.
    problem: String,
}

/// Which `mongod` would be run, in words.
///
/// # Errors
/// There is none, and none can be fetched.
pub(in crate::mongo) fn look_for_binary(options: &EmbeddedOptions) -> Result<String, Wrong> {
    match locate::find(options.binary.as_deref(), options.cache_dir.as_deref()) {
        Ok(Found::There(binary)) => Ok(format!("{} would be run", binary.display())),
        Ok(Found::ToFetch { cache, .. }) => {
            let problem = |error| format!("a mongod cannot be fetched into {}: {error}{RIGHT}", cache.display());
            writable(&cache).map_err(|error| Wrong { key: "cache_dir", problem: problem(error) })?;
            Ok(format!("a mongod would be fetched into {} and run", cache.display()))
        }
        Err(EmbeddedError::Binary { path, problem }) => Err(Wrong {
            key: "binary",
            problem: format!(
                "{} {problem}; name a mongod that can be run, or leave the key out to look for one on PATH",
                path.display()
            ),
        }),
        Err(error) => Err(Wrong { key: "binary", problem: error.to_string() }),
    }
}

/// On which data it would be run, in words.
///
/// # Errors
/// The data directory cannot be used.
pub(in crate::mongo) fn look_at_data(options: &EmbeddedOptions) -> Result<String, Wrong> {
    let dir = &options.data_dir;
    let wrong = |error| Wrong { key: "data_dir", problem: format!("{} cannot be used: {error}{RIGHT}", dir.display()) };
    if let Some(owner) = data_dir::user_of(dir).map_err(wrong)? {
        return Ok(format!("{} is in use by a running lambdio (process {owner})", dir.display()));
    }
    writable(dir).map_err(wrong)?;
    let state = if dir.exists() { "is there" } else { "would be created" };
    Ok(format!("{} {state}", dir.display()))
}
