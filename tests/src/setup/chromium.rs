//! The browser that tests drive: Debian's chromium.

use super::is_ci;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Where Debian's package puts it. The environment variable `CHROMIUM` names another one.
const DEBIAN: &str = "/usr/bin/chromium";

/// What pages are drawn with where nothing else is asked for.
const PACKAGES: [&str; 2] = ["chromium", "fonts-dejavu-core"];

/// The browser that is there. Where everything has to be there it is installed, if this is Debian and we may.
pub(super) fn find_or_install() -> Result<PathBuf, String> {
    let path = std::env::var_os("CHROMIUM").map_or_else(|| DEBIAN.into(), PathBuf::from);
    if !path.exists() && is_ci() && path == Path::new(DEBIAN) && rustix::process::geteuid().is_root() {
        apt_get(&["update"])?;
        apt_get(&[&["install", "-y", "--no-install-recommends"], PACKAGES.as_slice()].concat())?;
    }
    if path.exists() {
        Ok(path)
    } else {
        let path = path.display();
        Err(format!("there is no browser at {path}: install chromium, or name one in the variable CHROMIUM"))
    }
}

fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let run = Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output();
    let run = run.map_err(|error| format!("chromium is not installed, and apt-get cannot be run: {error}"))?;
    if run.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&run.stderr);
        Err(format!("chromium is not installed, and apt-get {} failed: {}", arguments.join(" "), said.trim()))
    }
}
