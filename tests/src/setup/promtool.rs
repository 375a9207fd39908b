//! What checks metrics and rules: `promtool`, out of Debian's package of Prometheus.

use super::apt;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where Debian's package puts it. The environment variable `PROMTOOL` names another one.
const DEBIAN: &str = "/usr/bin/promtool";

/// The `promtool` that is there. Else it is taken out of the package, which is not installed, and kept in `cache`.
pub(super) fn find_or_unpack(cache: &Path) -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("PROMTOOL") {
        return Ok(named.into());
    }
    let kept = cache.join("promtool");
    if let Some(found) = [DEBIAN.into(), kept.clone()].into_iter().find(|path: &PathBuf| path.exists()) {
        return Ok(found);
    }
    unpack(cache, &kept).map_err(|problem| {
        format!("there is no promtool: install prometheus, or name it in the variable PROMTOOL ({problem})")
    })?;
    Ok(kept)
}

fn unpack(cache: &Path, kept: &Path) -> Result<(), String> {
    let said = |error: std::io::Error| error.to_string();
    fs::create_dir_all(cache).map_err(said)?;
    // in a folder of this run's own, so that another run finds all of it or nothing
    let folder = tempfile::tempdir_in(cache).map_err(said)?;
    apt::unpack("prometheus", folder.path())?;
    fs::rename(folder.path().join("usr/bin/promtool"), kept).map_err(said)
}
