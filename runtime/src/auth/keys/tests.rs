//! Which keys can be used, and what is said of the others.

use super::samples::{PRIVATE, PUBLIC, SECRET, key};
use super::{Keys, development};
use crate::config::{AuthKey, KeyAlgorithm};
use jsonwebtoken::{Algorithm, encode};
use std::{fs, path::Path};
use tempfile::TempDir;

use KeyAlgorithm::{EdDsa, Hs256};

/// A key of another curve.
const P256: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvXpF0JR9y99X5yapzeWwaQFKxMo6
oX7HGdvX277VEDq6ORs5sHgyV/GMdy3Hl+onVXp41WKiG+7528Qsde4EWQ==
-----END PUBLIC KEY-----";

/// A point of small order.
const WEAK: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-----END PUBLIC KEY-----";

fn in_file(id: &str, algorithm: KeyAlgorithm, file: &Path) -> AuthKey {
    AuthKey { id: id.to_owned(), algorithm, key: None, key_file: Some(file.to_owned()) }
}

/// What is said of the only key.
fn refusal(algorithm: KeyAlgorithm, content: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("the.key");
    fs::write(&file, content).unwrap();
    let error = Keys::read(&[in_file("mine", algorithm, &file)]).err().unwrap().to_string();
    assert!(error.contains("\"mine\"") && error.contains(&file.display().to_string()), "{error}");
    error
}

fn signed(keys: &Keys) -> String {
    encode(&keys.signing.header, &"claims", &keys.signing.key).unwrap()
}

#[test]
fn the_first_key_signs_and_all_of_them_check() {
    let keys =
        Keys::read(&[key("new", EdDsa, PRIVATE), key("old", Hs256, SECRET), key("other", EdDsa, PUBLIC)]).unwrap();
    assert_eq!((keys.signing.header.kid.as_deref(), keys.signing.header.alg), (Some("new"), Algorithm::EdDSA));
    let checking: Vec<_> = keys.checking.iter().map(|key| (key.id.as_str(), key.algorithm)).collect();
    assert_eq!(checking, [("new", Algorithm::EdDSA), ("old", Algorithm::HS256), ("other", Algorithm::EdDSA)]);
}

#[test]
fn white_space_around_a_key_does_not_belong_to_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("the.key");
    for (algorithm, text) in [(Hs256, SECRET), (EdDsa, PRIVATE)] {
        let plain = signed(&Keys::read(&[key("1", algorithm, text)]).unwrap());
        fs::write(&file, format!("\n {text}\r\n\n")).unwrap();
        assert_eq!(signed(&Keys::read(&[in_file("1", algorithm, &file)]).unwrap()), plain);
        assert_eq!(signed(&Keys::read(&[key("1", algorithm, &format!("\n{text}\n"))]).unwrap()), plain);
    }
}

#[test]
fn a_secret_is_bytes_of_any_kind() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("the.key");
    fs::write(&file, [0xff; 32]).unwrap();
    assert!(Keys::read(&[in_file("1", Hs256, &file)]).is_ok());
}

#[test]
fn a_key_that_cannot_be_used_is_named_and_not_shown() {
    let missing = Path::new("no/such.key");
    let error = Keys::read(&[in_file("mine", Hs256, missing)]).err().unwrap().to_string();
    assert!(error.starts_with("the key \"mine\" in no/such.key cannot be read: "), "{error}");

    let short = refusal(Hs256, b"  hunter2 hunter2 hunter2 hunter  ");
    assert!(short.contains("shorter than 32 bytes") && !short.contains("hunter"), "{short}");
    assert!(refusal(Hs256, PUBLIC.as_bytes()).contains("algorithm = \"EdDSA\""));
    assert!(refusal(EdDsa, PUBLIC.as_bytes()).contains("a public key, which cannot sign"));
    for wrong in
        [SECRET, P256, WEAK, "", &PRIVATE.replace("MC4C", "MC4D"), &PRIVATE.replace("PRIVATE", "ENCRYPTED PRIVATE")]
    {
        let error = refusal(EdDsa, wrong.as_bytes());
        assert!(error.contains("openssl genpkey -algorithm ed25519"), "{error}");
        assert!(wrong.lines().filter(|line| !line.is_empty()).all(|line| !error.contains(line)), "{error}");
    }
    assert!(refusal(EdDsa, &[0xff; 32]).contains("is no key for EdDSA"));
}

#[test]
fn without_a_key_there_is_nothing_to_sign_with() {
    assert_eq!(Keys::read(&[]).err().unwrap().to_string(), "there is no key to sign tokens with: set auth.keys");
}

#[test]
fn the_key_of_development_is_made_once() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data/mongodb");
    let file = development::key_file(&data).unwrap();
    let made = fs::read_to_string(&file).unwrap();
    assert_eq!(made.len(), 64);
    assert_eq!(development::key_file(&data).unwrap(), file);
    assert_eq!(fs::read_to_string(&file).unwrap(), made);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    assert!(Keys::read(&[in_file(development::ID, Hs256, &file)]).is_ok());
}
