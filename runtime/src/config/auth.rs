//! `[auth]`: accounts and tokens.

use std::num::NonZeroU32;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AuthKey;
use super::Rate;
use super::auth_key;
use super::duration::HumanDuration;
use super::review::Review;

/// Clocks that differ more than this are to be set right.
const LONGEST_LEEWAY: Duration = Duration::from_secs(60);

/// The lowest bcrypt cost in production.
const PRODUCTION_COST: u32 = 10;

/// Attempts to log in to one account in a minute, and from one address.
const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
const SIXTY: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// How users prove who they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// The keys of tokens. The first one signs new tokens; all of them check. Default none: in
    /// development a key is made.
    ///
    /// To change the key without logging anybody out, put a new one in front, and remove the old
    /// one when the last token it has signed has expired. Where several processes share their
    /// tokens, all of them need the new one, at the end, before the first one signs with it.
    pub keys: Vec<AuthKey>,
    /// Who issues the tokens, their `iss`. Default "lambdio". Tokens of other issuers are refused.
    pub issuer: String,
    /// Whom the tokens are for, their `aud`. Default "lambdio". Applications with a key in common
    /// need one each, so that tokens of one mean nothing to the other.
    pub audience: String,
    /// How far the clocks of those who issue and check tokens may differ, in whole seconds: so much
    /// longer and earlier is a token valid. Default 5s, at most 60s.
    #[serde(with = "super::duration")]
    #[schemars(with = "HumanDuration")]
    pub leeway: Duration,
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
    #[schemars(extend("x-restart" = "presence"))]
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

/// How often somebody may try to log in, or give the present password for another one, or register. Further attempts are
/// answered `rate_limited`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoginRates {
    /// To one account, whether there is one of this name or not. Default 10/min. From where its user has logged in before,
    /// attempts are counted apart from all others.
    pub per_account: Rate,
    /// From one address, registrations included; an IPv6 network of 64 bits counts as one. Default 60/min.
    pub per_address: Rate,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            issuer: "lambdio".to_owned(),
            audience: "lambdio".to_owned(),
            leeway: Duration::from_secs(5),
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
        auth_key::review(&self.keys, review);
        for (name, value) in [("issuer", &self.issuer), ("audience", &self.audience)] {
            if value.is_empty() {
                review.reject(&["auth", name], "must not be empty");
            }
        }
        if self.leeway > LONGEST_LEEWAY || self.leeway.subsec_nanos() > 0 {
            let most = LONGEST_LEEWAY.as_secs();
            review.reject(&["auth", "leeway"], format!("must be whole seconds, at most {most}s"));
        }
        review.positive(&["auth", "access_token_lifetime"], self.access_token_lifetime);
        review.not_endless(&["auth", "expiry_notice"], self.expiry_notice);
        review.positive(&["auth", "check_interval"], self.check_interval);
        if let Some(accounts) = &self.accounts {
            accounts.review(self.access_token_lifetime, review);
            self.review_profile(accounts, review);
        }
    }

    /// Only the development profile makes a key for itself. Production takes no cheap hashes.
    fn review_profile(&self, accounts: &Accounts, review: &mut Review<'_>) {
        let profile = review.profile();
        if self.keys.is_empty() && !profile.is_development() {
            review.contradict(
                &[&["auth", "accounts"], &["auth", "keys"]],
                format!("accounts need a key in the {profile} profile; set auth.keys"),
            );
        }
        if accounts.bcrypt_cost < PRODUCTION_COST && profile.is_production() {
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
        review.not_endless(&["auth", "accounts", "refresh_grace"], self.refresh_grace);
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
