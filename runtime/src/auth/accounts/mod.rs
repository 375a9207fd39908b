//! Accounts with name and password, and their sessions.
//!
//! - `routes`: register, log in, refresh, log out, … over HTTP.
//! - `bodies`: what these read and write.
//! - [`Accounts`]: what these routes, and authors' code, do with accounts.
//! - `sessions`: and with their sessions.
//! - `rules`: what can be a name, and what a password.
//! - `throttle`: how often somebody may try to log in.
//! - `refresh`: refresh tokens.
//! - `stored`, `store`: accounts in the database.
//! - `review`: looks now and then for sessions that were ended elsewhere.
//!
//! An access token (`tokens`) is good for minutes, and only as long as its session is in the database: each request and each
//! CONNECT looks there. A refresh token keeps the session going.

mod bodies;
mod error;
mod refresh;
mod review;
mod routes;
mod rules;
mod sessions;
mod store;
mod stored;
mod throttle;

pub(crate) use routes::ROUTES;
pub(super) use stored::StoredSession;

use super::{Ending, User, logins::Logins, passwords::Passwords, tokens::Tokens};
use crate::{
    config::Accounts as Settings,
    error::{Code, Error},
    wire::{Id, Timestamp},
};
use error::AccountError;
use mongodb::Database;
use sessions::{Welcome, unknown_session};
use std::{net::IpAddr, sync::Arc, time::Duration};
use store::Store;
use stored::Account;
use throttle::Throttle;

/// Accounts with name and password, and their sessions.
pub(crate) struct Accounts {
    settings: Settings,
    access_token_lifetime: Duration,
    pub tokens: Tokens,
    passwords: Passwords,
    throttle: Throttle,
    store: Store,
    logins: Arc<Logins>,
}

/// Where a log-in comes from.
#[derive(Default)]
pub(crate) struct Origin {
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
}

impl Accounts {
    pub fn new(
        settings: &Settings,
        access_token_lifetime: Duration,
        tokens: Tokens,
        database: &Database,
        logins: Arc<Logins>,
    ) -> Self {
        Self {
            passwords: Passwords::new(settings.bcrypt_cost, settings.parallel_hashes, settings.hash_queue),
            throttle: Throttle::new(&settings.login_rate_limit),
            store: Store::new(database, settings.max_sessions),
            settings: settings.clone(),
            access_token_lifetime,
            tokens,
            logins,
        }
    }

    /// A new account, and its first session.
    pub async fn register(&self, name: &str, password: String, origin: Origin) -> Result<Welcome, Error> {
        let name = rules::name(name)?;
        rules::check_password(&password)?;
        self.throttle.check_address(origin.address)?;
        let account = Account {
            id: Id::new(),
            key: rules::key(&name),
            name,
            password_hash: self.passwords.hash(password).await?,
            created_at: Timestamp::now(),
            roles: Vec::new(),
            disabled: false,
            sessions: Vec::new(),
            known_networks: Vec::new(),
        };
        if !self.store.add(&account).await? {
            return Err(AccountError::NameTaken.into());
        }
        self.begin(account, origin).await
    }

    /// A new session, for who knows the password. An unknown name and a wrong password cannot be told apart.
    pub async fn log_in(&self, name: &str, password: String, origin: Origin) -> Result<Welcome, Error> {
        self.throttle.check_address(origin.address)?;
        let account = self.store.by_key(&rules::key(name)).await?;
        let known = account.as_ref().map_or(&[][..], |account| &account.known_networks);
        self.throttle.check_account(name, known, origin.address)?;
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let right = self.passwords.verify(password.clone(), hash).await?;
        let user = account.as_ref().map(|account| account.id);
        let Some(account) = account.filter(|_| right) else {
            let user = user.map(tracing::field::display);
            tracing::info!(user, address = origin.address.map(tracing::field::display), "name or password is wrong");
            return Err(AccountError::Credentials.into());
        };
        if account.disabled {
            return Err(AccountError::Disabled.into());
        }
        let account = self.rehash(account, password).await?;
        self.begin(account, origin).await
    }

    /// Brings an old hash to the present cost. Where there is no time for that, the next log-in tries again.
    async fn rehash(&self, mut account: Account, password: String) -> Result<Account, Error> {
        if !self.passwords.is_cheap(&account.password_hash) {
            return Ok(account);
        }
        match self.passwords.hash(password).await {
            Ok(hash) => {
                if self.store.rehash(&account, &hash).await? {
                    account.password_hash = hash;
                }
            }
            Err(error) => tracing::debug!(user = %account.id, %error, "a password keeps its old hash for now"),
        }
        Ok(account)
    }

    /// A new password for who knows the old one. All other sessions end.
    pub async fn change_password(
        &self,
        user: &User,
        old: String,
        new: String,
        from: Option<IpAddr>,
    ) -> Result<(), Error> {
        let Some(session) = user.session() else { return Err(not_an_account()) };
        rules::check_password(&new)?;
        self.throttle.check_address(from)?;
        let id = account_id(user.id())?;
        let account = self.store.by_id(id).await?.ok_or_else(unknown_session)?;
        self.throttle.check_account(&account.name, &account.known_networks, from)?;
        if !self.passwords.verify(old, Some(account.password_hash.clone())).await? {
            return Err(AccountError::Credentials.into());
        }
        let hash = self.passwords.hash(new).await?;
        if !self.store.set_password(&account, &hash, session).await? {
            // somebody else changed it between two steps
            return Err(AccountError::Credentials.into());
        }
        tracing::info!(user = user.id(), "password changed");
        self.logins.end(user.id(), Ending::PasswordChanged, |own| own != Some(session));
        Ok(())
    }

    /// The user with an account of this name, unless it is disabled.
    pub async fn find_user(&self, name: &str) -> Result<Option<User>, Error> {
        let found = self.store.by_key(&rules::key(name)).await?.filter(|account| !account.disabled);
        Ok(found.map(|account| User::without_session(account.id.to_string(), account.name, account.roles)))
    }

    /// Nobody logs in to this account any more. `false` where there is no such account.
    pub async fn disable(&self, id: Id) -> Result<bool, Error> {
        let found = self.store.disable(id).await?;
        self.logins.end(&id.to_string(), Ending::Disabled, |_| true);
        if found {
            tracing::info!(user = %id, "account disabled");
        }
        Ok(found)
    }

    /// The account's user may log in again. `false` where there is no such account.
    pub async fn enable(&self, id: Id) -> Result<bool, Error> {
        let found = self.store.enable(id).await?;
        if found {
            tracing::info!(user = %id, "account enabled");
        }
        Ok(found)
    }

    /// Gives an account these roles and no other. Sockets of who loses a role are closed. `false` where there is no such
    /// account.
    pub async fn set_roles(&self, id: Id, roles: &[String]) -> Result<bool, Error> {
        let found = self.store.set_roles(id, roles).await?;
        if found {
            tracing::info!(user = %id, ?roles, "roles changed");
            self.logins.end_where_roles_are_lost(&id.to_string(), roles);
        }
        Ok(found)
    }
}

/// The account that a token or a user names.
pub(super) fn account_id(user: &str) -> Result<Id, Error> {
    user.parse().map_err(|error| Error::new(Code::Unauthenticated).with_cause(error))
}

/// A user of another scheme has no session and no password here.
pub(super) fn not_an_account() -> Error {
    Error::new(Code::Forbidden).with_message("this user has no account here")
}
