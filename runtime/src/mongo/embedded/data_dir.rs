//! The data directory: who may use it, and the secrets that belong to its data.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::EmbeddedError;

/// Locked while a runtime uses the directory.
const LOCK: &str = "lambdio.lock";

/// A data directory that this runtime alone uses, for as long as this value lives.
#[derive(Debug)]
pub(super) struct DataDir {
    root: PathBuf,
    /// Held, never read. The kernel frees it when the runtime dies, however that happens.
    lock: File,
}

impl Drop for DataDir {
    fn drop(&mut self) {
        // Closing the file is not enough: until its exec, a process that another thread has just forked has it, too.
        let _ = self.lock.unlock();
    }
}

impl DataDir {
    /// Creates the directory if need be and takes its lock. Does not wait for another runtime.
    pub(super) fn open(path: &Path) -> Result<Self, EmbeddedError> {
        // An existing directory keeps its mode, as it may hold other things too: what is private below it is so by itself.
        create_private(path).map_err(EmbeddedError::io("create the data directory", path))?;
        // mongod's command line shows this path, which is how an orphan is recognised later.
        let root = path.canonicalize().map_err(EmbeddedError::io("resolve the data directory", path))?;
        let lock = lock(&root)?;
        let dir = Self { root, lock };
        create_private(&dir.db()).map_err(EmbeddedError::io("create the database directory", dir.db()))?;
        Ok(dir)
    }

    /// mongod's own files.
    pub(super) fn db(&self) -> PathBuf {
        self.root.join("db")
    }

    /// mongod's log.
    pub(super) fn log(&self) -> PathBuf {
        self.root.join("mongod.log")
    }

    /// The file with the replica set's internal key, for `mongod`.
    pub(super) fn key_file(&self) -> PathBuf {
        self.root.join("mongod.key")
    }

    /// The replica set's internal key. Not stored in the data: a lost one is replaced by a new one.
    pub(super) fn key(&self) -> Result<String, EmbeddedError> {
        secret(&self.key_file())
    }

    /// The password of the application's database user.
    pub(super) fn password(&self) -> Result<String, EmbeddedError> {
        secret(&self.root.join("password"))
    }
}

/// The runtime that uses a data directory now, as its process id says; empty where it left none. `None` where nobody does.
/// Nothing is created.
pub(super) fn user_of(path: &Path) -> io::Result<Option<String>> {
    let path = path.join(LOCK);
    let mut file = match OpenOptions::new().read(true).write(true).open(&path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // best effort: the owner may be about to write it
            let _ = file.read_to_string(&mut owner);
            Ok(Some(owner.trim().to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn create_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn lock(root: &Path) -> Result<File, EmbeddedError> {
    let path = root.join(LOCK);
    let open = OpenOptions::new().create(true).read(true).write(true).truncate(false).mode(0o600).open(&path);
    let mut file = open.map_err(EmbeddedError::io("open the lock file", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // Best effort, for the message: the owner may be about to write it.
            let _ = file.read_to_string(&mut owner);
            let owner = Some(owner.trim().to_owned()).filter(|owner| !owner.is_empty());
            return Err(EmbeddedError::InUse { path: root.to_owned(), owner });
        }
        Err(TryLockError::Error(error)) => return Err(EmbeddedError::io("lock", path)(error)),
    }
    let write = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    write.map_err(EmbeddedError::io("write the lock file", path))?;
    Ok(file)
}

/// Reads a secret, or makes one that is safely on disk before anything is protected with it.
fn secret(path: &Path) -> Result<String, EmbeddedError> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => {
            // mongod refuses a key file that others may read, as a restored backup might be.
            fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(EmbeddedError::io("protect", path))?;
            return Ok(text.trim().to_owned());
        }
        // Damaged, by a full disk for example. A new secret is as good: see `replica_set`.
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(EmbeddedError::io("read", path)(error)),
    }
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    // mongod wants base64 in a key file; hexadecimal digits are base64 digits too.
    let secret = hex(&random);
    write_private(path, &secret).map_err(EmbeddedError::io("write", path))?;
    Ok(secret)
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let part = path.with_extension("part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&part)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    match path.parent() {
        // Makes the new name last as well.
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Bytes as lowercase hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn secrets_are_private_and_stay_the_same() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("data");
        let dir = DataDir::open(&root).unwrap();
        let (key, password) = (dir.key().unwrap(), dir.password().unwrap());
        assert_ne!(key, password);
        assert_eq!((key.len(), password.len()), (64, 64));
        assert_eq!((mode(&root), mode(&dir.db())), (0o700, 0o700));

        fs::set_permissions(dir.key_file(), Permissions::from_mode(0o644)).unwrap();
        assert_eq!(dir.key().unwrap(), key);
        assert_eq!(dir.password().unwrap(), password);
        assert_eq!(mode(&dir.key_file()), 0o600);
    }

    #[test]
    fn a_secret_cut_short_is_replaced() {
        let outer = tempfile::tempdir().unwrap();
        let dir = DataDir::open(outer.path()).unwrap();
        fs::write(dir.key_file(), "").unwrap();
        assert_eq!(dir.key().unwrap().len(), 64);
    }

    #[test]
    fn a_second_owner_is_refused_until_the_first_is_gone() {
        let outer = tempfile::tempdir().unwrap();
        let first = DataDir::open(outer.path()).unwrap();
        let message = DataDir::open(outer.path()).unwrap_err().to_string();
        let process = format!("(process {})", std::process::id());
        for part in [outer.path().to_str().unwrap(), &process, "`mongo.embedded.data_dir`"] {
            assert!(message.contains(part), "{part} is missing in: {message}");
        }
        drop(first);
        DataDir::open(outer.path()).unwrap();
    }
}
