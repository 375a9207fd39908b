//! The key that the development profile makes for itself, so that one can start without settings.

use super::error::KeyError;
use crate::{folder::writable, random};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The key's id in tokens.
pub(super) const ID: &str = "development";

/// Its name in the data directory.
const FILE: &str = "auth.key";

/// Characters of the key: 384 bits.
const KEY: usize = 64;

/// Whether the key was made.
pub(super) fn is_there(data_dir: &Path) -> bool {
    data_dir.join(FILE).exists()
}

/// Whether the key can be made.
pub(super) fn check(data_dir: &Path) -> Result<(), KeyError> {
    writable(data_dir).map_err(|error| KeyError::Make { path: data_dir.join(FILE), error })
}

/// The file of the key in the data directory. It is made if it is not there, and kept: who is logged in stays so when the
/// program starts again.
pub(super) fn key_file(data_dir: &Path) -> Result<PathBuf, KeyError> {
    let path = data_dir.join(FILE);
    if !path.exists() {
        make(&path).map_err(|error| KeyError::Make { path: path.clone(), error })?;
        tracing::warn!("tokens are signed with a new key in {}; set auth.keys in production", path.display());
    }
    Ok(path)
}

/// Makes a key that only the owner can read. It appears whole or not at all.
fn make(path: &Path) -> io::Result<()> {
    let text = random::name::<KEY>().map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension(format!("key.{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&fresh)?.write_all(text.as_bytes())?;
    fs::rename(&fresh, path)
}
