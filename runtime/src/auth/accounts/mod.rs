//! Accounts with name and password, and their sessions.
//!
//! - `routes`: register, log in, refresh, log out, … over HTTP.
//! - `bodies`: what these read and write.
//! - [`Accounts`]: what these routes, and authors' code, do with accounts.
//! - `sessions`: and with their sessions.
//! - `operator`: what an operator does, who needs no password for it.
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
mod operator;
mod refresh;
mod review;
mod routes;
mod rules;
mod sessions;
mod store;
mod stored;
mod throttle;

pub(crate) use routes::ROUTES;
pub(crate) use sessions::Welcome;
pub(super) use stored::StoredSession;

use super::{Ending, User, logins::Logins, passwords::Passwords, tokens::Tokens};
use crate::{
    config::{Accounts as Settings, Auth},
    error::{Code, Error},
    health::Readiness,
    mongo::Stored,
    registry::CollectionNeed,
    wire::Id,
};
use arc_swap::{ArcSwap, Guard};
use error::AccountError;
use mongodb::Database;
use sessions::unknown_session;
use std::{net::IpAddr, sync::Arc, time::Duration};
use store::Store;
use stored::Account;
use throttle::Throttle;
use tokio::sync::Notify;

/// Accounts with name and password, and their sessions.
pub(crate) struct Accounts {
    /// What the settings say of accounts and tokens, now.
    terms: ArcSwap<Terms>,
    passwords: Passwords,
    store: Store,
    logins: Arc<Logins>,
    /// Whether the database is away.
    readiness: Arc<Readiness>,
    /// Told when the terms are other ones.
    changed: Notify,
}

/// What the settings say of accounts and tokens.
pub(crate) struct Terms {
    pub tokens: Tokens,
    pub access_token_lifetime: Duration,
    /// How often sessions are looked for that were ended elsewhere.
    pub check_interval: Duration,
    accounts: Settings,
    throttle: Throttle,
}

impl Terms {
    /// `None` where the settings turn accounts off. `before` are the terms that hold until now.
    fn new(settings: &Auth, tokens: Tokens, before: Option<&Self>) -> Option<Self> {
        let accounts = settings.accounts.clone()?;
        let throttle = Throttle::new(&accounts.login_rate_limit, before.map(|before| &before.throttle));
        let Auth { access_token_lifetime, check_interval, .. } = *settings;
        Some(Self { tokens, access_token_lifetime, check_interval, accounts, throttle })
    }
}

/// Where a log-in comes from.
#[derive(Default)]
pub(crate) struct Origin {
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
}

impl Accounts {
    /// `None` where the settings turn accounts off.
    pub fn new(
        settings: &Auth,
        tokens: Tokens,
        database: &Database,
        logins: Arc<Logins>,
        readiness: Arc<Readiness>,
    ) -> Option<Self> {
        let terms = Terms::new(settings, tokens, None)?;
        let Settings { bcrypt_cost, parallel_hashes, hash_queue, .. } = terms.accounts;
        Some(Self {
            passwords: Passwords::new(bcrypt_cost, parallel_hashes, hash_queue),
            store: Store::new(database),
            terms: ArcSwap::from_pointee(terms),
            logins,
            readiness,
            changed: Notify::new(),
        })
    }

    /// These settings hold from now on, with what they sign and check tokens with. Attempts to log in, and passwords that
    /// wait, count on.
    pub fn apply(&self, settings: &Auth, tokens: Tokens) {
        let Some(terms) = Terms::new(settings, tokens, Some(&self.terms())) else { return };
        let Settings { bcrypt_cost, parallel_hashes, hash_queue, .. } = terms.accounts;
        self.passwords.apply(bcrypt_cost, parallel_hashes, hash_queue);
        self.terms.store(Arc::new(terms));
        self.changed.notify_one();
    }

    /// What the settings say now. For a moment: not to be kept while something is awaited.
    pub fn terms(&self) -> Guard<Arc<Terms>> {
        self.terms.load()
    }

    /// Nothing, unless the database is known to be away.
    ///
    /// # Errors
    /// `unavailable`.
    pub fn check_database(&self) -> Result<(), Error> {
        self.readiness.check_database()
    }

    /// A new account, and its first session.
    pub async fn register(&self, name: &str, password: String, origin: Origin) -> Result<Welcome, Error> {
        let name = rules::name(name)?;
        rules::check_password(&password)?;
        self.terms().throttle.check_address(origin.address)?;
        let account = self.make(name, password, Vec::new()).await?;
        if !self.store.add(&account).await? {
            return Err(AccountError::NameTaken.into());
        }
        self.begin(account, origin).await
    }

    /// How many passwords were hashed or checked, and how many are being, or wait for it.
    pub fn hashing(&self) -> (u64, usize) {
        self.passwords.counts()
    }

    /// A new session, for who knows the password. An unknown name and a wrong password cannot be told apart.
    pub async fn log_in(&self, name: &str, password: String, origin: Origin) -> Result<Welcome, Error> {
        self.terms().throttle.check_address(origin.address)?;
        let account = self.store.by_key(&rules::key(name)).await?;
        let known = account.as_ref().map_or(&[][..], |account| &account.known_networks);
        self.terms().throttle.check_account(name, known, origin.address)?;
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
        self.terms().throttle.check_address(from)?;
        let id = account_id(user.id())?;
        let account = self.store.by_id(id).await?.ok_or_else(unknown_session)?;
        self.terms().throttle.check_account(&account.name, &account.known_networks, from)?;
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

/// Whether an account may have this name.
///
/// # Errors
/// `invalid_name`, with what a name is.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    rules::name(name)?;
    Ok(())
}

/// The collection of accounts.
pub(crate) fn collection() -> CollectionNeed {
    CollectionNeed { name: Account::COLLECTION, indexes: Account::indexes }
}

/// The account that a token or a user names.
pub(super) fn account_id(user: &str) -> Result<Id, Error> {
    user.parse().map_err(|error| Error::new(Code::Unauthenticated).with_cause(error))
}

/// A user of another scheme has no session and no password here.
pub(super) fn not_an_account() -> Error {
    Error::new(Code::Forbidden).with_message("this user has no account here")
}
