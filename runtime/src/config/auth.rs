//! `[auth]`: accounts and tokens.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AuthKey;
use super::auth_key;
use super::duration::HumanDuration;
use super::review::Review;

/// Clocks that differ more than this are to be set right.
const LONGEST_LEEWAY: Duration = Duration::from_secs(60);

/// The lowest bcrypt cost in production.
const PRODUCTION_COST: u32 = 10;

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
        Self {
            keys: Vec::new(),
            issuer: "lambdio".to_owned(),
            audience: "lambdio".to_owned(),
            leeway: Duration::from_secs(5),
            token_lifetime: Duration::from_hours(12),
            accounts: None,
        }
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self { bcrypt_cost: 12, parallel_hashes: 2, hash_queue: 64 }
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
        review.positive(&["auth", "token_lifetime"], self.token_lifetime);
        if review.profile().is_production() {
            self.review_production(review);
        }
    }

    fn review_production(&self, review: &mut Review<'_>) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        if self.keys.is_empty() {
            review.contradict(
                &[&["auth", "accounts"], &["auth", "keys"]],
                "accounts need a key in the production profile; set auth.keys",
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
