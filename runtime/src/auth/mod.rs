//! Who is who: accounts, passwords, tokens.
//!
//! - [`User`]: who is logged in.
//! - `accounts`: register, log in, log out over HTTP, when `[auth.accounts]` is there.
//! - `passwords`: bcrypt, off the async threads.
//! - `tokens`: JSON Web Tokens.
//! - `keys`: what tokens are signed with.
//! - `cookie`: where a browser keeps its token, and where else a token may come from.

mod accounts;
mod cookie;
mod keys;
mod passwords;
mod tokens;
mod user;

pub(crate) use accounts::ROUTES as ACCOUNT_ROUTES;
pub(crate) use cookie::presented;
pub(crate) use keys::KeyError;
pub use user::User;

use crate::{
    config::{Accounts, Config},
    error::Error,
};
use passwords::Passwords;
use std::time::Duration;
use tokens::Tokens;

/// Everything that logging in needs.
pub(crate) struct Auth {
    passwords: Passwords,
    tokens: Tokens,
    token_lifetime: Duration,
    /// Whether browsers reach us over https, so that cookies can insist on it.
    secure: bool,
}

impl Auth {
    /// `None` where the configuration has no accounts.
    pub fn start(config: &Config) -> Result<Option<Self>, KeyError> {
        let settings = &config.settings().auth;
        let Some(accounts) = &settings.accounts else { return Ok(None) };
        let Accounts { bcrypt_cost, parallel_hashes, hash_queue } = *accounts;
        Ok(Some(Self {
            passwords: Passwords::new(bcrypt_cost, parallel_hashes, hash_queue),
            tokens: Tokens::start(config)?,
            token_lifetime: settings.token_lifetime,
            secure: config.settings().server.is_reached_over_https(),
        }))
    }

    /// Who a token belongs to. Every token that is not valid is the same `unauthenticated`.
    pub fn verify(&self, token: &str) -> Result<User, Error> {
        let user_id = self.tokens.verify(token)?.user_id;
        Ok(User::new(user_id.clone(), user_id))
    }

    /// The name of the cookie that holds the token.
    pub fn cookie_name(&self) -> &'static str {
        cookie::name(self.secure)
    }
}
