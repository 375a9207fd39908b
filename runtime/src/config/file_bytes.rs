//! Reading files that the configuration is made of, or names.

use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// No file of settings, no key and no certificate is larger.
const LARGEST: u64 = 1024 * 1024;

/// The bytes of a file that has to be there.
///
/// # Errors
/// As of [`read`]; and that there is none.
pub(crate) fn require(path: &Path) -> Result<Vec<u8>, Error> {
    read(path)?.ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no such file"))
}

/// The bytes of a file of at most 1 MiB; `None` where there is none.
///
/// # Errors
/// What keeps it from being read. A link that leads nowhere is one: who put it there wants a file to be read. So is what never
/// ends, such as a pipe.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let kind = match fs::metadata(path) {
        Ok(about) => about.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return if path.is_symlink() { Err(Error::other("it is a link that leads nowhere")) } else { Ok(None) };
        }
        Err(error) => return Err(error),
    };
    if kind.is_dir() {
        return Err(Error::new(ErrorKind::IsADirectory, "it is a directory"));
    }
    if !kind.is_file() {
        return Err(Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::other("it is larger than 1 MiB"));
    }
    Ok(Some(bytes))
}
