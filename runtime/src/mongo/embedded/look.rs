//! What a start would find, without starting, fetching or creating anything.

use std::io;
use std::path::Path;

use rustix::fs::{Access, access};

use super::locate::{self, Found};
use super::{EmbeddedError, EmbeddedOptions, data_dir};

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

/// Whether files can be made in a directory, or the directory where it is not there.
fn writable(dir: &Path) -> io::Result<()> {
    let absolute = std::path::absolute(dir)?;
    let nearest = absolute.ancestors().find(|path| path.exists()).unwrap_or(&absolute);
    if !nearest.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    Ok(access(nearest, Access::WRITE_OK | Access::EXEC_OK)?)
}
