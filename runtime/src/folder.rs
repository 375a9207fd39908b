//! Whether a folder can be used, without using it.

use rustix::fs::{Access, access};
use std::{io, path::Path};

/// Whether files can be made in a folder, or the folder where it is not there.
pub(crate) fn writable(dir: &Path) -> io::Result<()> {
    let absolute = std::path::absolute(dir)?;
    let nearest = absolute.ancestors().find(|path| path.exists()).unwrap_or(&absolute);
    if !nearest.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    Ok(access(nearest, Access::WRITE_OK | Access::EXEC_OK)?)
}
