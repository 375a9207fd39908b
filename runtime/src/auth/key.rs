//! What tokens are signed with.

use crate::config::Config;
use std::{
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// HS256 wants a key at least as long as its hash (RFC 7518, section 3.2).
const LENGTH: usize = 32;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("there is no key to sign tokens with: set auth.key_file, or auth.key")]
    Missing,
    #[error("the key {} cannot be read: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("the key in {} is shorter than {LENGTH} bytes", path.display())]
    Short { path: PathBuf },
    #[error("a key could not be made in {}: {error}", path.display())]
    Make { path: PathBuf, error: io::Error },
}

/// The configured key, or in development one that is made once and kept.
pub(super) fn find(config: &Config) -> Result<Vec<u8>, KeyError> {
    let auth = &config.settings().auth;
    if let Some(key) = &auth.key {
        return Ok(key.expose().as_bytes().to_vec());
    }
    if let Some(path) = &auth.key_file {
        return read(path);
    }
    if !config.profile().is_development() {
        return Err(KeyError::Missing);
    }
    let path = config.settings().mongo.embedded.data_dir.join("auth.key");
    if path.exists() {
        return read(&path);
    }
    make(&path).map_err(|error| KeyError::Make { path: path.clone(), error })?;
    tracing::warn!("tokens are signed with a new key in {}; set auth.key_file in production", path.display());
    read(&path)
}

/// The key in a file. White space around it, such as the last line's end, does not belong to it.
fn read(path: &Path) -> Result<Vec<u8>, KeyError> {
    let key = fs::read(path).map_err(|error| KeyError::Read { path: path.to_owned(), error })?;
    let key = key.trim_ascii().to_vec();
    if key.len() < LENGTH { Err(KeyError::Short { path: path.to_owned() }) } else { Ok(key) }
}

/// Makes a key that only the owner can read. It appears whole or not at all.
fn make(path: &Path) -> io::Result<()> {
    let mut bytes = [0u8; LENGTH];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let mut text = String::with_capacity(2 * LENGTH);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
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
