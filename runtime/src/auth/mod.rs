//! Who is who: accounts, passwords, tokens.
//!
//! - [`User`]: who is logged in.
//! - `accounts`: register, log in, log out over HTTP, when `[auth.accounts]` is there.
//! - `passwords`: bcrypt, off the async threads.
//! - `tokens`: JSON Web Tokens.
//! - `key`: what tokens are signed with.
//! - `cookie`: where a browser keeps its token, and where else a token may come from.

mod accounts;
mod cookie;
mod key;
mod passwords;
mod tokens;
mod user;

pub(crate) use accounts::ROUTES as ACCOUNT_ROUTES;
pub(crate) use cookie::presented;
pub(crate) use key::KeyError;
pub use user::User;

use crate::{
    config::{Accounts, Config},
    error::Error,
};
use passwords::Passwords;
use tokens::Tokens;

/// Everything that logging in needs.
pub(crate) struct Auth {
    passwords: Passwords,
    tokens: Tokens,
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
            tokens: Tokens::new(&key::find(config)?, settings.token_lifetime),
            secure: config.settings().server.is_reached_over_https(),
        }))
    }

    /// Who a token belongs to. Every token that is not valid is the same `unauthenticated`.
    pub fn verify(&self, token: &str) -> Result<User, Error> {
        self.tokens.verify(token)
    }

    /// The name of the cookie that holds the token.
    pub fn cookie_name(&self) -> &'static str {
        cookie::name(self.secure)
    }
}
