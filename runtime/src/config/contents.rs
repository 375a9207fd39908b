//! The files that settings come from, and those that they name, by what was in them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Settings, file_bytes};

/// What was in files, so that a change can be told: the hash of each, nothing where it could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contents(BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Contents {
    /// Of the configuration's own files.
    pub(super) fn of_files(files: &[PathBuf]) -> Self {
        Self(files.iter().map(|file| (file.clone(), hash(file))).collect())
    }

    /// Adds the files that settings name, and that are read with them: keys and certificates.
    pub(super) fn add_named(&mut self, settings: &Settings) {
        let keys = settings.auth.keys.iter().filter_map(|key| key.key_file.as_ref());
        let tls = settings.server.tls.iter().flat_map(|tls| [&tls.cert_file, &tls.key_file]);
        self.0.extend(keys.chain(tls).map(|file| (file.clone(), hash(file))));
    }

    /// Adds the files of `other` that are not known yet.
    pub(crate) fn add(&mut self, other: &Self) {
        for (file, hash) in &other.0 {
            self.0.entry(file.clone()).or_insert_with(|| hash.clone());
        }
    }

    /// The same files, as they are now.
    pub(crate) fn now(&self) -> Self {
        Self(self.0.keys().map(|file| (file.clone(), hash(file))).collect())
    }

    /// The files that are not the same in `other`, but named there, too.
    pub(super) fn changed_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Path> {
        let changed =
            |(file, hash): &(&'a PathBuf, &'a Option<Vec<u8>>)| other.0.get(*file).is_some_and(|new| new != *hash);
        self.0.iter().filter(changed).map(|(file, _)| file.as_path())
    }

    /// The folders in which something happens when one of the files becomes another: where it is, and, where it is a link,
    /// where it leads to. Only those that are there.
    pub(crate) fn folders(&self) -> BTreeSet<PathBuf> {
        let mut folders = BTreeSet::new();
        for file in self.0.keys() {
            let target = file.canonicalize().ok();
            for path in [Some(file), target.as_ref()].into_iter().flatten() {
                folders.extend(path.parent().and_then(|folder| folder_of(folder).canonicalize().ok()));
            }
        }
        folders
    }

    /// What may lead to other files when it becomes another: the folders of the files, and links on the way to them. Each as
    /// it is called within the true name of the folder that it is in.
    pub(crate) fn ways(&self) -> BTreeSet<PathBuf> {
        let mut ways = BTreeSet::new();
        let folders = self.0.keys().filter_map(|file| std::path::absolute(folder_of(file.parent()?)).ok());
        for folder in folders.collect::<BTreeSet<_>>() {
            let is_way = |path: &&Path| *path == folder || path.is_symlink();
            ways.extend(folder.ancestors().filter(is_way).filter_map(true_place));
        }
        ways
    }
}

/// The same path, with the true name of the folder that it is in.
fn true_place(path: &Path) -> Option<PathBuf> {
    Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?))
}

/// A file without a folder is in the working directory.
fn folder_of(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn hash(file: &Path) -> Option<Vec<u8>> {
    file_bytes::read(file).ok().flatten().map(|bytes| Sha256::digest(bytes).to_vec())
}
