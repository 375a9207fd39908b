//! What a start would find, without starting, fetching or creating anything.

use super::locate::{self, Found};
use super::{EmbeddedError, EmbeddedOptions, data_dir};
use crate::folder::writable;

/// Which `mongod` would be run, and on which data: in words.
///
/// # Errors
/// There is none and none can be fetched, or the data directory cannot be used.
pub(in crate::mongo) async fn look(options: &EmbeddedOptions) -> Result<String, EmbeddedError> {
    let options = options.clone();
    super::start::blocking(move || {
        let binary = match locate::find(options.binary.as_deref(), options.cache_dir.as_deref())? {
            Found::There(binary) => format!("{} would be run", binary.display()),
            Found::ToFetch { cache, .. } => format!("a mongod would be fetched into {} and run", cache.display()),
        };
        let dir = &options.data_dir;
        let owner = data_dir::user_of(dir).map_err(EmbeddedError::io("look at the lock in", dir))?;
        let data = match owner {
            Some(owner) => format!("{} is in use by a running lambdio (process {owner})", dir.display()),
            None => {
                writable(dir).map_err(EmbeddedError::io("write to the data directory", dir))?;
                let state = if dir.exists() { "is there" } else { "would be created" };
                format!("{} {state}", dir.display())
            }
        };
        Ok(format!("{binary}; {data}"))
    })
    .await
}
