//! Ends a `mongod` that a killed runtime left behind on our files.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::error::EmbeddedError;

/// A killed runtime's `mongod` was told to stop by the kernel on Linux: it gets this long before it is told again.
const PATIENCE: Duration = Duration::from_millis(500);

/// For the clean shutdown after SIGTERM; then comes SIGKILL, which the journal makes good.
const SHUTDOWN: Duration = Duration::from_secs(10);

/// For the kernel to clear away a killed process.
const KILL: Duration = Duration::from_secs(5);

/// Returns when no `mongod` uses the folder any more. Only for who holds the data directory's lock: then a `mongod` that
/// still runs is nobody's. Blocks.
pub(super) fn end(db: &Path) -> Result<(), EmbeddedError> {
    if gone_within(db, Duration::ZERO)? {
        return Ok(());
    }
    let path = db.join("mongod.lock");
    tracing::warn!("a mongod of an earlier run still uses {}: ending it", db.display());
    if gone_within(db, PATIENCE)? {
        return Ok(());
    }
    for (signal, bound) in [(Signal::TERM, SHUTDOWN), (Signal::KILL, KILL)] {
        let text = fs::read_to_string(&path).map_err(EmbeddedError::io("read", &path))?;
        if let Some(pid) = text.trim().parse().ok().and_then(Pid::from_raw)
            && is_mongod_on(pid, db)
        {
            // It may have ended by itself just now.
            let _ = kill_process(pid, signal);
        }
        if gone_within(db, bound)? {
            return Ok(());
        }
    }
    let pid = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
    Err(EmbeddedError::Orphan { path: db.to_owned(), pid })
}

/// Whether the folder becomes free within the bound.
fn gone_within(db: &Path, bound: Duration) -> Result<bool, EmbeddedError> {
    let path = db.join("mongod.lock");
    let until = Instant::now() + bound;
    loop {
        match held(&path) {
            Ok(false) => return Ok(true),
            Ok(true) if Instant::now() >= until => return Ok(false),
            Ok(true) => thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(EmbeddedError::io("test the lock of", path)(error)),
        }
    }
}

/// Whether a live `mongod` holds its lock file. It keeps an advisory lock on it (flock) while it lives, so the process id
/// inside, which a crash leaves behind and which may have been given to someone else since, needs no trust here.
fn held(path: &Path) -> io::Result<bool> {
    let file: File = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The command line of the `mongod` that works on a folder now. `None` where there is none, or no /proc.
pub(super) fn command_line_on(db: &Path) -> Option<Vec<u8>> {
    let path = db.join("mongod.lock");
    if !held(&path).ok()? {
        return None;
    }
    let pid: u32 = fs::read_to_string(&path).ok()?.trim().parse().ok()?;
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    names_folder(&command_line, db).then_some(command_line)
}

/// Whether the process was started on this folder. Where there is no /proc, the held lock must do as a proof.
pub(super) fn is_mongod_on(pid: Pid, db: &Path) -> bool {
    if !Path::new("/proc/self").exists() {
        return true;
    }
    let Ok(command_line) = fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())) else {
        return false;
    };
    names_folder(&command_line, db)
}

/// `command_line` as /proc has it: each argument ends with a zero byte. The program's own name says nothing, as the
/// configuration may name any.
fn names_folder(command_line: &[u8], db: &Path) -> bool {
    let db = db.as_os_str().as_bytes();
    let mut arguments = command_line.split(|byte| *byte == 0);
    while let Some(argument) = arguments.next() {
        let value = match argument {
            b"--dbpath" => arguments.next(),
            joined => joined.strip_prefix(b"--dbpath="),
        };
        if value == Some(db) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_lock_file_does_not_matter() {
        let dir = tempfile::tempdir().unwrap();
        end(dir.path()).unwrap();
        fs::write(dir.path().join("mongod.lock"), format!("{}\n", std::process::id())).unwrap();
        end(dir.path()).unwrap();
    }

    #[test]
    fn only_a_mongod_on_this_folder_counts_as_an_orphan() {
        let db = Path::new("/data/db");
        assert!(names_folder(b"/usr/bin/mongod\0--dbpath\0/data/db\0", db));
        assert!(names_folder(b"mongod\0--dbpath=/data/db\0", db));
        assert!(!names_folder(b"mongod\0--dbpath\0/data/db2\0", db));
        assert!(!names_folder(b"vi\0/data/db\0", db));
        assert!(!names_folder(b"", db));
    }
}
