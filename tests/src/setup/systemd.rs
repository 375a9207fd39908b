//! What knows whether a unit of systemd is right.

use super::apt;
use std::path::{Path, PathBuf};

const ANALYZE: &str = "/usr/bin/systemd-analyze";

/// `systemd-analyze`. Where everything has to be there it is installed, if this is Debian and we may.
pub(super) fn find_or_install() -> Result<PathBuf, String> {
    if !Path::new(ANALYZE).exists() && apt::may_install() {
        apt::install(&["systemd"]).map_err(|error| format!("systemd is not installed: {error}"))?;
    }
    if Path::new(ANALYZE).exists() {
        Ok(ANALYZE.into())
    } else {
        Err(format!("there is no {ANALYZE}: install systemd"))
    }
}
