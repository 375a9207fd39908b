//! The browser that tests drive: Debian's chromium.

use super::apt;
use std::path::{Path, PathBuf};

/// Where Debian's package puts it. The environment variable `CHROMIUM` names another one.
const DEBIAN: &str = "/usr/bin/chromium";

/// What pages are drawn with where nothing else is asked for.
const PACKAGES: [&str; 2] = ["chromium", "fonts-dejavu-core"];

/// The browser that is there. Where everything has to be there it is installed, if this is Debian and we may.
pub(super) fn find_or_install() -> Result<PathBuf, String> {
    let path = std::env::var_os("CHROMIUM").map_or_else(|| DEBIAN.into(), PathBuf::from);
    if !path.exists() && path == Path::new(DEBIAN) && apt::may_install() {
        apt::install(&PACKAGES).map_err(|error| format!("chromium is not installed: {error}"))?;
    }
    if path.exists() {
        Ok(path)
    } else {
        let path = path.display();
        Err(format!("there is no browser at {path}: install chromium, or name one in the variable CHROMIUM"))
    }
}
