//! `[[auth.keys]]`: what tokens are signed and checked with.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::review::Review;

/// The shortest secret of HS256, in bytes: the length of its hash (RFC 7518, section 3.2).
pub(crate) const SHORTEST_SECRET: usize = 32;

/// The longest id, in bytes.
const LONGEST_ID: usize = 64;

/// A key for tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["id"]))]
pub struct AuthKey {
    /// What tokens call the key, as their `kid`: 1 to 64 letters, digits, `.`, `_` and `-` of ASCII.
    /// No other key has the same.
    // missing, it is told by the schema: the other keys are looked at as well
    #[serde(default)]
    #[schemars(extend("default" = null))]
    pub id: String,
    /// The one algorithm that the key is for: `"HS256"` (the default) or `"EdDSA"`.
    #[serde(default)]
    pub algorithm: KeyAlgorithm,
    /// The key as text. Not together with `key_file`.
    pub key: Option<Secret>,
    /// A file that holds the key. A relative path starts at the working directory. Not together
    /// with `key`. White space around the key does not belong to it.
    pub key_file: Option<PathBuf>,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum KeyAlgorithm {
    /// HMAC with SHA-256. The key is a secret of at least 32 bytes; who can check tokens can also
    /// make them.
    #[default]
    #[serde(rename = "HS256")]
    Hs256,
    /// Ed25519. The key is PEM: a private key (PKCS #8), or a public one, which only checks.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// Looks at all keys; their files are read at start and at each reload.
pub(super) fn review(keys: &[AuthKey], review: &mut Review<'_>) {
    for (index, key) in keys.iter().enumerate() {
        let index_text = index.to_string();
        let path = |field| ["auth", "keys", &index_text, field];
        match check_id(&key.id) {
            // said already where it is missing, or no text
            Err(reason) if key.id.is_empty() => review.contradict(&[&path("id")], reason),
            Err(reason) => review.reject(&path("id"), reason),
            Ok(()) => {}
        }
        if let Some(other) = keys.iter().take(index).position(|other| other.id == key.id && !key.id.is_empty()) {
            let place = review.place(&["auth", "keys", &other.to_string(), "id"]);
            review.reject(&path("id"), format!("{:?} is another key's id already{place}", key.id));
        }
        match (&key.key, &key.key_file) {
            (Some(_), Some(_)) => review.reject(&path("key"), "given together with key_file; keep one of them"),
            (None, None) => {
                let (secret, file) = (path("key"), path("key_file"));
                review.contradict(
                    &[&["auth", "keys", &index_text], &secret, &file],
                    "has no key; set its key_file or key",
                );
            }
            (Some(secret), None) if key.algorithm == KeyAlgorithm::Hs256 && is_short(secret) => {
                let message = format!("must have at least {SHORTEST_SECRET} bytes (its value is not shown)");
                review.reject(&path("key"), message);
            }
            (None, Some(file)) if file.as_os_str().is_empty() => review.reject(&path("key_file"), "must not be empty"),
            _ => {}
        }
    }
}

/// White space around a key does not belong to it.
fn is_short(secret: &Secret) -> bool {
    secret.expose().trim_ascii().len() < SHORTEST_SECRET
}

fn check_id(id: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=LONGEST_ID).contains(&id.len()) && id.chars().all(fits) {
        return Ok(());
    }
    Err(format!("must be 1 to {LONGEST_ID} letters, digits, \".\", \"_\" and \"-\" of ASCII, such as \"2026-11\""))
}
