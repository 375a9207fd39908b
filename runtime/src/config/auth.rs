//! `[auth]`: accounts and tokens.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::duration::HumanDuration;
use super::review::Review;

/// The shortest key, in bytes: the length of the HMAC-SHA-256 output (RFC 7518, section 3.2).
const SHORTEST_KEY: usize = 32;

/// The lowest bcrypt cost in production.
const PRODUCTION_COST: u32 = 10;

/// How users prove who they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// The key that signs tokens, at least 32 bytes. Default: in development one is generated. Not
    /// together with `key_file`.
    pub key: Option<Secret>,
    /// A file that holds the key. A relative path starts at the working directory. Not together
    /// with key.
    pub key_file: Option<PathBuf>,
    /// How long a token is valid after it was issued. Default 12h.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub token_lifetime: Duration,
    /// Accounts with name and password over HTTP. The table turns them on, even an empty one.
    /// Default off.
    pub accounts: Option<Accounts>,
}

/// Accounts with name and password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// The cost of a password hash; one more doubles the time. Default 12; in production at least
    /// 10.
    #[schemars(range(min = 4, max = 15))]
    pub bcrypt_cost: u32,
    /// How many passwords are hashed at the same time. Default 2. Each takes a whole core for a
    /// moment.
    #[schemars(range(min = 1, max = 1024))]
    pub parallel_hashes: usize,
    /// How many passwords may wait to be hashed. Default 64. Further requests are answered
    /// `overloaded`.
    #[schemars(range(max = 1_000_000))]
    pub hash_queue: usize,
}

impl Default for Auth {
    fn default() -> Self {
        Self { key: None, key_file: None, token_lifetime: Duration::from_hours(12), accounts: None }
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self { bcrypt_cost: 12, parallel_hashes: 2, hash_queue: 64 }
    }
}

impl Auth {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        let (key, file) = (["auth", "key"], ["auth", "key_file"]);
        review.positive(&["auth", "token_lifetime"], self.token_lifetime);
        if self.key.as_ref().is_some_and(|key| key.expose().len() < SHORTEST_KEY) {
            review.reject(&key, format!("must have at least {SHORTEST_KEY} bytes (its value is not shown)"));
        }
        if self.key_file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
            review.reject(&file, "must not be empty");
        }
        if self.key.is_some() && self.key_file.is_some() {
            let place = review.place(&file);
            review.contradict(&[&key, &file], format!("given together with auth.key_file{place}; keep one of them"));
        }
        if review.profile().is_production() {
            self.review_production(review);
        }
    }

    fn review_production(&self, review: &mut Review<'_>) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        if self.key.is_none() && self.key_file.is_none() {
            review.contradict(
                &[&["auth", "accounts"], &["auth", "key"], &["auth", "key_file"]],
                "accounts need a key in the production profile; set auth.key_file (or auth.key)",
            );
        }
        if accounts.bcrypt_cost < PRODUCTION_COST {
            review.reject(
                &["auth", "accounts", "bcrypt_cost"],
                format!("must be at least {PRODUCTION_COST} in the production profile, found {}", accounts.bcrypt_cost),
            );
        }
    }
}
