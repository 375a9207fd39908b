//! Debian's packages.

use super::is_ci;
use std::{
    path::Path,
    process::Command,
    sync::{Mutex, PoisonError},
};

/// apt-get cannot run twice at a time. Whether the lists of packages are fresh.
static UPDATED: Mutex<bool> = Mutex::new(false);

/// Whether what is missing may be installed: where everything has to be there, as root.
pub(super) fn may_install() -> bool {
    is_ci() && rustix::process::geteuid().is_root()
}

/// Installs packages.
pub(super) fn install(packages: &[&str]) -> Result<(), String> {
    with_lists(|| run(Command::new("apt-get").args(["install", "-y", "--no-install-recommends"]).args(packages)))
}

/// Puts the files of a package below a folder, and starts nothing, as an installation may. Needs no rights but those to write
/// there, where the lists of packages are fresh.
pub(super) fn unpack(package: &str, folder: &Path) -> Result<(), String> {
    let folder = folder.display();
    // the glob is the version's
    let script =
        format!("mkdir -p '{folder}' && cd '{folder}' && apt-get download {package} && dpkg-deb -x {package}_*.deb .");
    with_lists(|| run(Command::new("sh").args(["-c", &script])))
}

/// Tries it, and again with fresh lists of packages: a fresh machine has none, and those of an old one name what is gone.
fn with_lists(attempt: impl Fn() -> Result<(), String>) -> Result<(), String> {
    let mut updated = UPDATED.lock().unwrap_or_else(PoisonError::into_inner);
    let tried = attempt();
    if tried.is_ok() || *updated {
        return tried;
    }
    run(Command::new("apt-get").arg("update"))?;
    *updated = true;
    attempt()
}

fn run(command: &mut Command) -> Result<(), String> {
    let run = command.env("DEBIAN_FRONTEND", "noninteractive").output();
    let run = run.map_err(|error| format!("{command:?} cannot be run: {error}"))?;
    if run.status.success() {
        Ok(())
    } else {
        Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&run.stderr).trim()))
    }
}
