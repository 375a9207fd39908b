//! Packages from npm.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::Command,
};

/// `npm ci`, unless what is installed is what the lock file names. Two processes at once wait for each other.
pub(super) fn install(dir: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", dir.display());
    Command::new("node").arg("--version").output().map_err(|error| format!("node cannot be run: {error}"))?;
    let guard = File::create(dir.join("install.lock")).map_err(failed)?;
    guard.lock().map_err(failed)?;
    let wanted = fs::read(dir.join("package-lock.json")).map_err(failed)?;
    let stamp = dir.join("node_modules/installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(dir).output();
    let npm = npm.map_err(|error| format!("npm cannot be run: {error}"))?;
    if !npm.status.success() {
        return Err(format!("npm ci failed: {}", String::from_utf8_lossy(&npm.stderr).trim()));
    }
    fs::write(stamp, wanted).map_err(failed)
}
