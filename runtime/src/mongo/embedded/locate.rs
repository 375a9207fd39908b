//! Which `mongod` to run: the configured one, else one on PATH, else the cached one, else a fetched one.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::error::EmbeddedError;
use super::fetch::{self, Source};

/// What `mongod` would be run.
pub(super) enum Found {
    /// This one.
    There(PathBuf),
    /// One that is to be fetched first, into this folder.
    ToFetch { source: &'static Source, cache: PathBuf, binary: PathBuf },
}

/// Returns a `mongod` that can be executed. Blocks, for as long as a download takes if there is none yet.
pub(super) fn locate(binary: Option<&Path>, cache_dir: Option<&Path>) -> Result<PathBuf, EmbeddedError> {
    match find(binary, cache_dir)? {
        Found::There(binary) => Ok(binary),
        Found::ToFetch { source, cache, binary } => {
            fetch::fetch(source, &cache, &binary)?;
            Ok(binary)
        }
    }
}

/// Looks for a `mongod` that can be executed, and fetches none.
pub(super) fn find(binary: Option<&Path>, cache_dir: Option<&Path>) -> Result<Found, EmbeddedError> {
    if let Some(path) = binary {
        // Never replaced by another one: who names a binary wants that one.
        return match executable(path) {
            // A bare name would otherwise be looked up on PATH when it is run.
            Ok(()) => {
                let path = std::path::absolute(path).map_err(EmbeddedError::io("resolve the path", path))?;
                Ok(Found::There(path))
            }
            Err(problem) => Err(EmbeddedError::Binary { path: path.to_owned(), problem }),
        };
    }
    if let Some(found) = env::var_os("PATH").and_then(|path| on_path(&path)) {
        return Ok(Found::There(found));
    }
    let source = Source::for_this_platform()?;
    let cache = match cache_dir {
        Some(dir) => std::path::absolute(dir).map_err(EmbeddedError::io("resolve the path", dir))?,
        None => default_cache_dir().ok_or(EmbeddedError::CacheDir)?,
    };
    let cached = cache.join(source.folder).join("mongod");
    Ok(match executable(&cached) {
        Ok(()) => Found::There(cached),
        Err(_) => Found::ToFetch { source, cache, binary: cached },
    })
}

/// The first `mongod` in a PATH-like list of folders.
fn on_path(path: &OsStr) -> Option<PathBuf> {
    env::split_paths(path)
        // Relative entries depend on where the runtime was started: not a thing to execute from.
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("mongod"))
        .find(|candidate| executable(candidate).is_ok())
}

/// The user's cache folder: XDG's, or the one macOS has for it.
fn default_cache_dir() -> Option<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(target_os = "macos") {
        absolute("HOME")?.join("Library/Caches")
    } else {
        // Relative values are to be ignored: XDG base directory specification.
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?
    };
    Some(base.join("lambdio"))
}

/// Ok for a file with an execute bit; else what is wrong with it, as the end of a sentence.
pub(super) fn executable(path: &Path) -> Result<(), String> {
    match path.metadata() {
        Ok(found) if !found.is_file() => Err("is not a file".to_owned()),
        Ok(found) if found.permissions().mode() & 0o111 == 0 => {
            Err("is not executable (`chmod +x` makes it so)".to_owned())
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("does not exist".to_owned()),
        Err(error) => Err(format!("cannot be read ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_wrong_binary_is_told_with_the_three_ways_out() {
        let dir = tempfile::tempdir().unwrap();
        let plain = dir.path().join("mongod");
        fs::write(&plain, "").unwrap();
        for (path, problem) in [
            (dir.path().join("absent"), "does not exist"),
            (dir.path().to_owned(), "is not a file"),
            (plain, "is not executable"),
        ] {
            let message = locate(Some(&path), None).unwrap_err().to_string();
            for part in [path.to_str().unwrap(), problem, "`mongo.embedded.binary`", "PATH", "`mongodb://`"] {
                assert!(message.contains(part), "{part} is missing in: {message}");
            }
        }
    }

    #[test]
    fn path_is_searched_in_order_for_an_executable_mongod() {
        let dir = tempfile::tempdir().unwrap();
        let [empty, plain, good] = ["empty", "plain", "good"].map(|name| dir.path().join(name));
        for folder in [&empty, &plain, &good] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(plain.join("mongod"), "").unwrap();
        fs::write(good.join("mongod"), "").unwrap();
        fs::set_permissions(good.join("mongod"), fs::Permissions::from_mode(0o755)).unwrap();

        let path = env::join_paths([&empty, &plain, &good]).unwrap();
        assert_eq!(on_path(&path), Some(good.join("mongod")));
        assert_eq!(on_path(plain.as_os_str()), None);
    }
}
