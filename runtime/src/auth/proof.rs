//! Credentials that somebody took: who shows them, and until when.

use super::{Accounts, Login, Logins, User, logins::Expiry, scheme::Proven, tokens::Verified};
use crate::error::Error;
use std::{sync::Arc, time::Duration};

/// Credentials that somebody took.
pub(super) enum Proof {
    Scheme(Proven),
    /// A token of ours that is right in itself. Its session is still to be looked at.
    Account(Arc<Accounts>, Verified),
}

impl Proof {
    /// Until when it is good; `None` is for ever.
    pub fn expiry(&self) -> Option<Expiry> {
        match self {
            // without leeway: what the scheme said is what counts
            Self::Scheme(proven) => proven.expires_at.map(|at| Expiry { at, leeway: Duration::ZERO }),
            Self::Account(accounts, token) => Some(accounts.expiry(token.expires_at())),
        }
    }

    /// Who shows it.
    pub async fn user(self) -> Result<User, Error> {
        match self {
            Self::Scheme(proven) => Ok(proven.user),
            Self::Account(accounts, token) => accounts.user_of(&token).await,
        }
    }

    /// Who shows it, to be logged in by it. The log-in is there before the database is asked: a log-out from now on finds it.
    pub async fn open(self, logins: &Arc<Logins>) -> Result<(User, Login), Error> {
        let (user_id, session) = match &self {
            Self::Scheme(proven) => (proven.user.id(), None),
            Self::Account(_, token) => (token.user_id.as_str(), Some(token.session.clone())),
        };
        let login = logins.open(user_id, session, self.expiry());
        Ok((self.user().await?, login))
    }
}
