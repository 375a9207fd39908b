//! Sessions and accounts, for authors.

use super::{
    Ending, SessionId, User,
    accounts::{Accounts, StoredSession},
    logins::Logins,
};
use crate::{
    error::{Code, Error},
    wire::Timestamp,
};
use serde::Serialize;
use std::{fmt, sync::Arc};

/// Ends sessions, disables accounts, gives roles: what log-out does, from code. Injectable into every handler;
/// [`Startup::sessions`](crate::Startup::sessions) gives one to what runs outside.
///
/// Whatever ends a session closes its sockets in all namespaces at once, on this server; on others within
/// `auth.check_interval`. Their clients are told why by `auth:ended`. Access tokens of the session are refused from then on.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[handler(namespace = "/admin", event = "ban", roles = ["admin"])]
/// async fn ban(Data(user_id): Data<String>, sessions: Sessions) -> Result<bool, lambdio::Error> {
///     sessions.disable(&user_id).await
/// }
/// ```
#[derive(Clone)]
pub struct Sessions {
    accounts: Option<Arc<Accounts>>,
    logins: Arc<Logins>,
}

/// A session of an account: begun by a log-in, kept by refreshing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionInfo {
    /// Its name.
    pub id: SessionId,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When it was refreshed last.
    pub refreshed_at: Timestamp,
    /// When it ends, unless it is refreshed before.
    pub expires_at: Timestamp,
    /// The client's address at the log-in.
    pub address: Option<String>,
    /// What the client called itself at the log-in, `User-Agent`.
    pub user_agent: Option<String>,
}

impl Sessions {
    pub(crate) fn new(accounts: Option<Arc<Accounts>>, logins: Arc<Logins>) -> Self {
        Self { accounts, logins }
    }

    /// The user with an account of this name, written in any case or width. `None` where there is none, or it is disabled.
    ///
    /// # Errors
    /// `unavailable` where the database is away or there are no accounts.
    pub async fn find_user(&self, name: &str) -> Result<Option<User>, Error> {
        self.accounts()?.find_user(name).await
    }

    /// The sessions of a user, the oldest first.
    ///
    /// # Errors
    /// `unavailable` where the database is away or there are no accounts.
    pub async fn of_user(&self, user_id: &str) -> Result<Vec<SessionInfo>, Error> {
        let Ok(id) = user_id.parse() else { return Ok(Vec::new()) };
        self.accounts()?.sessions(id).await
    }

    /// Ends one session of a user. `false` where there is none.
    ///
    /// # Errors
    /// As for [`of_user`](Self::of_user).
    pub async fn end(&self, user_id: &str, session: &SessionId) -> Result<bool, Error> {
        let Ok(id) = user_id.parse() else { return Ok(false) };
        self.accounts()?.end(id, session, Ending::Revoked).await
    }

    /// Ends all sessions of a user, and closes all their sockets on this server, also those of a user of another scheme than
    /// the accounts, who may come back with the same credentials. Returns how many sockets were closed here.
    ///
    /// # Errors
    /// `unavailable` where the database is away.
    pub async fn end_all(&self, user_id: &str) -> Result<usize, Error> {
        match (&self.accounts, user_id.parse()) {
            (Some(accounts), Ok(id)) => accounts.end_all(id, Ending::Revoked).await,
            _ => Ok(self.logins.end(user_id, Ending::Revoked, |_| true)),
        }
    }

    /// Lets a user log in no more, and ends all their sessions. `false` where there is no such account.
    ///
    /// # Errors
    /// As for [`of_user`](Self::of_user).
    pub async fn disable(&self, user_id: &str) -> Result<bool, Error> {
        let Ok(id) = user_id.parse() else { return Ok(false) };
        self.accounts()?.disable(id).await
    }

    /// Lets a user log in again. `false` where there is no such account.
    ///
    /// # Errors
    /// As for [`of_user`](Self::of_user).
    pub async fn enable(&self, user_id: &str) -> Result<bool, Error> {
        let Ok(id) = user_id.parse() else { return Ok(false) };
        self.accounts()?.enable(id).await
    }

    /// Gives a user these roles and no other. Sockets of a user who loses a role are closed; one who gains a role has it when
    /// they connect the next time, and over HTTP at once. `false` where there is no such account.
    ///
    /// # Errors
    /// As for [`of_user`](Self::of_user).
    pub async fn set_roles<R: Into<String>>(
        &self,
        user_id: &str,
        roles: impl IntoIterator<Item = R>,
    ) -> Result<bool, Error> {
        let Ok(id) = user_id.parse() else { return Ok(false) };
        let roles: Vec<String> = roles.into_iter().map(Into::into).collect();
        self.accounts()?.set_roles(id, &roles).await
    }

    fn accounts(&self) -> Result<&Accounts, Error> {
        self.accounts.as_deref().ok_or_else(|| {
            Error::new(Code::Unavailable).with_cause("there are no accounts: add [auth.accounts] to the configuration")
        })
    }
}

impl From<StoredSession> for SessionInfo {
    fn from(session: StoredSession) -> Self {
        let StoredSession { id, created_at, refreshed_at, expires_at, address, agent, .. } = session;
        Self { id, created_at, refreshed_at, expires_at, address, user_agent: agent }
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}
