//! Whether a directory can be used, without using it.

use crate::random;
use std::{
    fs,
    io::{self, Error},
    path::Path,
};

/// Whether files can be made in a directory, or the directory where it is not there.
///
/// It is tried, and what was made is removed at once: permissions alone say too much to root, and nothing of a file system
/// such as /proc.
pub(crate) fn writable(dir: &Path) -> io::Result<()> {
    let absolute = std::path::absolute(dir)?;
    let nearest = absolute.ancestors().find(|path| path.exists()).unwrap_or(&absolute);
    if !nearest.is_dir() {
        return Err(Error::new(io::ErrorKind::NotADirectory, format!("{} is not a directory", nearest.display())));
    }
    let name = random::name::<16>().map_err(Error::other)?;
    let trial = nearest.join(format!(".lambdio-{name}"));
    fs::create_dir(&trial)
        .and_then(|()| fs::remove_dir(&trial))
        .map_err(|error| Error::new(error.kind(), format!("nothing can be made in {}: {error}", nearest.display())))
}

#[cfg(test)]
mod tests {
    use super::writable;
    use std::{fs, path::Path};

    #[test]
    fn what_can_be_made_is_tried_and_nothing_is_left() {
        let outer = tempfile::tempdir().unwrap();
        writable(&outer.path().join("data/db")).unwrap();
        writable(outer.path()).unwrap();
        assert_eq!(fs::read_dir(outer.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_on_the_way_is_told() {
        let outer = tempfile::tempdir().unwrap();
        fs::write(outer.path().join("data"), "").unwrap();
        let error = writable(&outer.path().join("data/db")).unwrap_err().to_string();
        assert!(error.ends_with("data is not a directory"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_system_that_holds_no_files_is_found_by_root_too() {
        let error = writable(Path::new("/proc/lambdio/db")).unwrap_err().to_string();
        assert!(error.starts_with("nothing can be made in /proc: "), "{error}");
    }
}
