//! Finds files in a folder, and nowhere else.

use rustix::io::Errno;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::task::spawn_blocking;

/// A folder, by its one true path.
pub(super) struct Folder(Arc<Path>);

impl Folder {
    /// # Errors
    /// It is not there, or no folder, or cannot be read.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let root = dir.canonicalize()?;
        // also finds out whether it may be read
        std::fs::read_dir(&root)?;
        Ok(Self(root.into()))
    }

    /// The true path of the first of these files that is there. Paths start at the folder.
    ///
    /// A symbolic link counts as what it leads to: it may lead to a file in the folder, and to nothing outside.
    ///
    /// # Errors
    /// Something that is there cannot be looked at.
    pub async fn find(&self, files: Vec<PathBuf>) -> io::Result<Option<PathBuf>> {
        let root = self.0.clone();
        spawn_blocking(move || {
            for file in files {
                if let Some(path) = look_up(&root, &file)? {
                    return Ok(Some(path));
                }
            }
            Ok(None)
        })
        .await?
    }
}

fn look_up(root: &Path, file: &Path) -> io::Result<Option<PathBuf>> {
    match root.join(file).canonicalize() {
        Ok(path) => Ok((path.starts_with(root) && path.metadata()?.is_file()).then_some(path)),
        Err(error) if leads_nowhere(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a file is not there, or nothing can be where it was looked for.
pub(super) fn leads_nowhere(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG | Errno::LOOP))
}

/// Whether a file could not be opened for want of file descriptors.
pub(super) fn too_many_are_open(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}
