//! `[auth]`: accounts and tokens.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::HumanDuration;
use super::review::Review;
use super::{Rate, Secret};

/// The shortest key, in bytes: the length of the HMAC-SHA-256 output (RFC 7518, section 3.2).
const SHORTEST_KEY: usize = 32;

/// The lowest bcrypt cost in production.
const PRODUCTION_COST: u32 = 10;

/// Attempts to log in to one account in a minute, and from one address.
const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
const SIXTY: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

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
    /// How long an access token is valid after it was issued. Default 15m. Clients refresh it.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub access_token_lifetime: Duration,
    /// How long before its log-in ends a socket is told (`auth:expiring`). Default 1m.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub expiry_notice: Duration,
    /// How often the sessions of all sockets are looked up, for those that were ended by another server or by hand.
    /// Default 30s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub check_interval: Duration,
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
    /// How long a session lasts without being refreshed. Default 14days.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub session_idle_timeout: Duration,
    /// How long a session lasts at most. Default 90days.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub session_lifetime: Duration,
    /// How long after its use a refresh token may be used once more, by a second tab. Default 10s. Later use ends the
    /// session.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub refresh_grace: Duration,
    /// How many sessions an account may have. Default 50. One more ends the oldest.
    #[schemars(range(min = 1, max = 1000))]
    pub max_sessions: u16,
    /// How often somebody may try to log in.
    pub login_rate_limit: LoginRates,
}

/// How often somebody may try to log in, or give the present password for another one. Further attempts are answered
/// `rate_limited`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoginRates {
    /// To one account, whether there is one of this name or not. Default 10/min. From where its user has logged in before,
    /// attempts are counted apart from all others.
    pub per_account: Rate,
    /// From one address; an IPv6 network of 64 bits counts as one. Default 60/min.
    pub per_address: Rate,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            key: None,
            key_file: None,
            access_token_lifetime: Duration::from_mins(15),
            expiry_notice: Duration::from_mins(1),
            check_interval: Duration::from_secs(30),
            accounts: None,
        }
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            bcrypt_cost: 12,
            parallel_hashes: 2,
            hash_queue: 64,
            session_idle_timeout: Duration::from_hours(14 * 24),
            session_lifetime: Duration::from_hours(90 * 24),
            refresh_grace: Duration::from_secs(10),
            max_sessions: 50,
            login_rate_limit: LoginRates::default(),
        }
    }
}

impl Default for LoginRates {
    fn default() -> Self {
        Self { per_account: Rate::per_minute(TEN), per_address: Rate::per_minute(SIXTY) }
    }
}

impl Auth {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        let (key, file) = (["auth", "key"], ["auth", "key_file"]);
        review.positive(&["auth", "access_token_lifetime"], self.access_token_lifetime);
        review.positive(&["auth", "check_interval"], self.check_interval);
        if let Some(accounts) = &self.accounts {
            accounts.review(self.access_token_lifetime, review);
        }
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

impl Accounts {
    fn review(&self, access_token_lifetime: Duration, review: &mut Review<'_>) {
        let (idle, most) = (["auth", "accounts", "session_idle_timeout"], ["auth", "accounts", "session_lifetime"]);
        review.positive(&idle, self.session_idle_timeout);
        review.positive(&most, self.session_lifetime);
        if self.session_idle_timeout <= access_token_lifetime {
            review.contradict(
                &[&idle, &["auth", "access_token_lifetime"]],
                "must be longer than auth.access_token_lifetime: a session is refreshed no more often than its tokens expire",
            );
        }
        if self.session_lifetime < self.session_idle_timeout {
            review.contradict(&[&most, &idle], "must be at least auth.accounts.session_idle_timeout");
        }
    }
}
