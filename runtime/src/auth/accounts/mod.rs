//! Accounts with name and password, and their sessions.
//!
//! - `routes`: register, log in, refresh, log out, … over HTTP.
//! - [`Accounts`]: what these routes, and authors' code, do.
//! - `rules`: what can be a name, and what a password.
//! - `throttle`: how often somebody may try to log in.
//! - `refresh`: refresh tokens.
//! - `stored`, `store`: accounts in the database.
//! - `review`: looks now and then for sessions that were ended elsewhere.
//!
//! An access token (`tokens`) is good for minutes, and only as long as its session is in the database: each request and each
//! CONNECT looks there. A refresh token keeps the session going.

mod error;
mod refresh;
mod review;
mod routes;
mod rules;
mod store;
mod stored;
mod throttle;

pub(crate) use routes::ROUTES;
pub(super) use stored::StoredSession;

use super::{
    Ending, SessionId, User,
    logins::{Expiry, Logins},
    passwords::Passwords,
    tokens::{Issued, Tokens, Verified},
};
use crate::{
    config::Accounts as Settings,
    error::{Code, Error},
    transport::network,
    wire::{Id, Timestamp},
};
use error::AccountError;
use mongodb::Database;
use refresh::RefreshToken;
use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};
use store::Store;
use stored::{Account, Previous, Standing};
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

/// What a client has after it logged in, or refreshed.
pub(crate) struct Welcome {
    pub user: User,
    pub access: Issued,
    pub refresh: RefreshToken,
    pub session_expires_at: Timestamp,
}

/// Characters that are kept of what a client calls itself.
const AGENT: usize = 256;

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

    async fn begin(&self, account: Account, origin: Origin) -> Result<Welcome, Error> {
        let (id, now) = (SessionId::random()?, Timestamp::now());
        let refresh = RefreshToken::random(account.id, id.clone())?;
        let expires_at = self.session_end(now, now);
        let access = self.access_token(account.id, &id, now, expires_at)?;
        let session = StoredSession {
            id: id.clone(),
            secret_hash: refresh.hash(),
            previous: None,
            created_at: now,
            refreshed_at: now,
            expires_at,
            access_until: access.expires_at(),
            address: origin.address.map(|address| address.to_canonical().to_string()),
            agent: origin.agent.map(|agent| agent.chars().take(AGENT).collect()),
        };
        let network = origin.address.map(|address| network(address).to_string());
        let Some(given_up) = self.store.begin(&account, &session, network.as_deref()).await? else {
            // disabled, or given another password, between two steps
            return Err(AccountError::Credentials.into());
        };
        for oldest in &given_up {
            self.logins.end(&account.id.to_string(), Ending::Revoked, |own| own == Some(oldest));
        }
        tracing::info!(user = %account.id, session = %id, address = session.address, "logged in");
        let user = User::of_session(account.id.to_string(), account.name, account.roles, id);
        Ok(Welcome { user, access, refresh, session_expires_at: session.expires_at })
    }

    /// New tokens for a session. A refresh token that was used before ends its session, but for a short grace.
    pub async fn refresh(&self, token: &RefreshToken) -> Result<Welcome, Error> {
        // a second tab may be ahead between two steps, so look twice
        for _ in 0..2 {
            let standing = self.store.standing(token.user, &token.session).await?;
            let Some((standing, session)) = standing.and_then(Standing::only) else { return Err(unknown_session()) };
            let (hash, now) = (token.hash(), Timestamp::now());
            if standing.disabled || session.has_expired(now) {
                return Err(unknown_session());
            }
            if session.secret_hash == hash {
                let salt = RefreshToken::salt()?;
                let successor = token.successor(&salt);
                let until = Timestamp::from(SystemTime::from(now) + self.settings.refresh_grace);
                let expires_at = self.session_end(session.created_at, now);
                let access = self.access_token(token.user, &token.session, now, expires_at)?;
                let next = session.refreshed(
                    Previous { hash: hash.clone(), salt, until },
                    &successor.hash(),
                    now,
                    [expires_at, access.expires_at()],
                );
                if self.store.rotate(token.user, &next, &hash).await? {
                    return Ok(self.welcome_back(standing, access, successor, expires_at));
                }
                continue;
            }
            return match &session.previous {
                Some(previous) if previous.hash == hash && now < previous.until => {
                    let access = self.access_token(token.user, &token.session, now, session.expires_at)?;
                    self.store.lengthen(token.user, &token.session, access.expires_at()).await?;
                    let successor = token.successor(&previous.salt);
                    Ok(self.welcome_back(standing, access, successor, session.expires_at))
                }
                _ => {
                    let (user, session) = (&token.user, &token.session);
                    tracing::warn!(%user, %session, "a refresh token was used twice: its session is ended");
                    self.end(token.user, session, Ending::Stolen).await?;
                    Err(unknown_session())
                }
            };
        }
        // two others were ahead
        Err(Code::Overloaded.into())
    }

    fn welcome_back(&self, standing: Standing, access: Issued, refresh: RefreshToken, until: Timestamp) -> Welcome {
        let user_id = standing.id.to_string();
        self.logins.extend(&user_id, &refresh.session, self.expiry(access.expires_at().into()));
        let user = User::of_session(user_id, standing.name, standing.roles, refresh.session.clone());
        Welcome { user, access, refresh, session_expires_at: until }
    }

    /// A token for a session that lasts until then: it does not last longer.
    fn access_token(&self, id: Id, session: &SessionId, now: Timestamp, until: Timestamp) -> Result<Issued, Error> {
        let left = SystemTime::from(until).duration_since(now.into()).unwrap_or_default();
        self.tokens.issue(&id.to_string(), session.as_str(), self.access_token_lifetime.min(left))
    }

    /// When a session ends that was refreshed just now.
    fn session_end(&self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        let idle = SystemTime::from(now) + self.settings.session_idle_timeout;
        let most = SystemTime::from(created_at) + self.settings.session_lifetime;
        idle.min(most).into()
    }

    /// Whether this is the latest refresh token of its session, or the one before.
    pub async fn knows(&self, token: &RefreshToken) -> Result<bool, Error> {
        let standing = self.store.standing(token.user, &token.session).await?;
        let hash = token.hash();
        Ok(standing.and_then(Standing::only).is_some_and(|(_, session)| {
            session.secret_hash == hash || session.previous.is_some_and(|previous| previous.hash == hash)
        }))
    }

    /// Who a token belongs to: its account is not disabled, and its session has not ended.
    pub async fn user_of(&self, token: &Verified) -> Result<User, Error> {
        let (id, session) = (account_id(&token.user_id)?, SessionId::from(token.session.as_str()));
        let standing = self.store.standing(id, &session).await?.filter(|standing| !standing.disabled);
        let Some((standing, stored)) = standing.and_then(Standing::only) else { return Err(unknown_session()) };
        if stored.has_expired(Timestamp::now()) {
            return Err(unknown_session());
        }
        Ok(User::of_session(token.user_id.clone(), standing.name, standing.roles, session))
    }

    /// When a session's latest access token expires.
    pub async fn refreshed_until(&self, user_id: &str, session: &SessionId) -> Result<Timestamp, Error> {
        let standing = self.store.standing(account_id(user_id)?, session).await?;
        let found = standing.filter(|standing| !standing.disabled).and_then(Standing::only);
        found.map(|(_, session)| session.access_until).ok_or_else(unknown_session)
    }

    /// When a log-in ends whose token expires at a moment.
    pub fn expiry(&self, at: SystemTime) -> Expiry {
        Expiry { at, leeway: self.tokens.leeway() }
    }

    /// The sessions of an account that have not ended, the oldest first.
    pub async fn sessions(&self, id: Id) -> Result<Vec<StoredSession>, Error> {
        let now = Timestamp::now();
        let standings = self.store.standings(&[id]).await?;
        let sessions = standings.into_iter().flat_map(|standing| standing.sessions);
        Ok(sessions.filter(|session| !session.has_expired(now)).collect())
    }

    /// Ends a session, and closes its sockets. `false` where there is none.
    pub async fn end(&self, id: Id, session: &SessionId, ending: Ending) -> Result<bool, Error> {
        let found = self.store.end(id, session).await?;
        self.logins.end(&id.to_string(), ending, |own| own == Some(session));
        if found {
            tracing::info!(user = %id, %session, %ending, "session ended");
        }
        Ok(found)
    }

    /// Ends all sessions of an account, and closes its sockets. Returns how many sockets they were.
    pub async fn end_all(&self, id: Id, ending: Ending) -> Result<usize, Error> {
        if self.store.end_all(id).await? {
            tracing::info!(user = %id, %ending, "all sessions ended");
        }
        Ok(self.logins.end(&id.to_string(), ending, |_| true))
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

impl Standing {
    /// The one session that was asked for, if the account has it.
    fn only(mut self) -> Option<(Self, StoredSession)> {
        let session = self.sessions.pop()?;
        Some((self, session))
    }
}

/// The account that a token or a user names.
pub(super) fn account_id(user: &str) -> Result<Id, Error> {
    user.parse().map_err(|error| Error::new(Code::Unauthenticated).with_cause(error))
}

fn unknown_session() -> Error {
    Error::new(Code::Unauthenticated).with_cause("the session has ended, or its account is disabled or gone")
}

/// A user of another scheme has no session and no password here.
pub(super) fn not_an_account() -> Error {
    Error::new(Code::Forbidden).with_message("this user has no account here")
}
