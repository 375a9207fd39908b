//! Sessions of accounts: begun by a log-in, kept by refreshing, ended.

use super::{
    Accounts, Origin, account_id,
    error::AccountError,
    refresh::RefreshToken,
    stored::{Account, Previous, Standing, StoredSession},
};
use crate::{
    auth::{
        Ending, SessionId, SessionInfo, User,
        logins::Expiry,
        tokens::{Issued, Verified},
    },
    error::{Code, Error},
    transport::network,
    wire::{Id, Timestamp},
};
use std::time::SystemTime;

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
    /// Begins a session for who has shown that the account is theirs.
    pub(super) async fn begin(&self, account: Account, origin: Origin) -> Result<Welcome, Error> {
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
            address: origin.address.map(|address| address.to_string()),
            agent: origin.agent.map(|agent| agent.chars().take(AGENT).collect()),
        };
        let network = origin.address.map(|address| network(address).to_string());
        let most = self.terms().accounts.max_sessions;
        let Some(given_up) = self.store.begin(&account, &session, network.as_deref(), most).await? else {
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
            let (standing, session) = self.alive(token.user, &token.session).await?;
            let (hash, now) = (token.hash(), Timestamp::now());
            if session.secret_hash == hash {
                let salt = RefreshToken::salt()?;
                let successor = token.successor(&salt);
                let until = Timestamp::from(SystemTime::from(now) + self.terms().accounts.refresh_grace);
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
        let terms = self.terms();
        terms.tokens.issue(&id.to_string(), session, terms.access_token_lifetime.min(left))
    }

    /// When a session ends that was refreshed just now.
    fn session_end(&self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        let settings = &self.terms().accounts;
        let idle = SystemTime::from(now) + settings.session_idle_timeout;
        let most = SystemTime::from(created_at) + settings.session_lifetime;
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
        let (standing, _) = self.alive(account_id(&token.user_id)?, &token.session).await?;
        Ok(User::of_session(token.user_id.clone(), standing.name, standing.roles, token.session.clone()))
    }

    /// When a session's latest access token expires.
    pub async fn refreshed_until(&self, user_id: &str, session: &SessionId) -> Result<Timestamp, Error> {
        let (_, session) = self.alive(account_id(user_id)?, session).await?;
        Ok(session.access_until)
    }

    /// A session that has not ended, and its account, which is not disabled.
    async fn alive(&self, id: Id, session: &SessionId) -> Result<(Standing, StoredSession), Error> {
        self.check_database()?;
        let found = self.store.standing(id, session).await?.and_then(Standing::only);
        let found = found.filter(|(account, session)| !account.disabled && !session.has_expired(Timestamp::now()));
        found.ok_or_else(unknown_session)
    }

    /// When a log-in ends whose token expires at a moment.
    pub fn expiry(&self, at: SystemTime) -> Expiry {
        Expiry { at, leeway: self.terms().tokens.leeway() }
    }

    /// The sessions of an account that have not ended, the oldest first.
    pub async fn sessions(&self, id: Id) -> Result<Vec<SessionInfo>, Error> {
        let now = Timestamp::now();
        let standings = self.store.standings(&[id]).await?;
        let sessions = standings.into_iter().flat_map(|standing| standing.sessions);
        Ok(sessions.filter(|session| !session.has_expired(now)).map(SessionInfo::from).collect())
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
}

impl Standing {
    /// The one session that was asked for, if the account has it.
    fn only(mut self) -> Option<(Self, StoredSession)> {
        let session = self.sessions.pop()?;
        Some((self, session))
    }
}

pub(super) fn unknown_session() -> Error {
    Error::new(Code::Unauthenticated).with_cause("the session has ended, or its account is disabled or gone")
}
