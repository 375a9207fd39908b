//! What stands in front of servers: Debian's nginx.

use super::apt;
use std::path::{Path, PathBuf};

/// Where Debian's package puts it. The environment variable `NGINX` names another one.
const DEBIAN: &str = "/usr/sbin/nginx";

/// The nginx that is there. Where everything has to be there Debian's is unpacked into `folder`, if we may: nothing starts it.
pub(super) fn find_or_unpack(folder: &Path) -> Result<PathBuf, String> {
    let path = std::env::var_os("NGINX").map_or_else(|| DEBIAN.into(), PathBuf::from);
    if path.exists() {
        return Ok(path);
    }
    let unpacked = folder.join("usr/sbin/nginx");
    if !unpacked.exists() && path == Path::new(DEBIAN) && apt::may_install() {
        apt::unpack("nginx", folder).map_err(|error| format!("nginx is not installed: {error}"))?;
    }
    if unpacked.exists() {
        Ok(unpacked)
    } else {
        let path = path.display();
        Err(format!("there is no nginx at {path}: install nginx, or name one in the variable NGINX"))
    }
}
