//! Who sends a request, and who enters a namespace.

use super::{
    Accounts, Cookies, Credentials, KeyError, Login, Logins, Scheme, SessionId, Sessions, Tokens, User, cookie,
    proof::Proof, tokens::Verified,
};
use crate::{
    config::{Access, Config},
    error::{Code, Error},
    health::Readiness,
    wire::Timestamp,
};
use futures_util::FutureExt;
use http::HeaderMap;
use mongodb::Database;
use std::{
    borrow::Cow,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::task::JoinSet;

/// Everything that tells who is who.
pub(crate) struct Auth {
    /// In the order they are asked.
    schemes: Vec<Box<dyn Scheme>>,
    accounts: Option<Arc<Accounts>>,
    logins: Arc<Logins>,
    /// Whether browsers reach us over https.
    secure: AtomicBool,
    /// Ended when this is dropped.
    _watches: JoinSet<()>,
}

/// Whose cookie opened a connection. It was valid then; the session may have ended since.
#[derive(Clone)]
pub(crate) struct Opener {
    user_id: String,
    session: SessionId,
}

impl Opener {
    /// The session of its log-in.
    pub fn session(&self) -> &SessionId {
        &self.session
    }
}

/// The accounts, before anybody is asked for credentials. `None` where the configuration has none.
pub(crate) fn accounts(
    config: &Config,
    tokens: Option<Tokens>,
    database: Option<&Database>,
    logins: &Arc<Logins>,
    readiness: &Arc<Readiness>,
) -> Option<Arc<Accounts>> {
    let auth = &config.settings().auth;
    Accounts::new(auth, tokens?, database?, logins.clone(), readiness.clone()).map(Arc::new)
}

impl Auth {
    /// Begins to watch over those who log in, on the present runtime.
    pub fn start(
        config: &Config,
        schemes: Vec<Box<dyn Scheme>>,
        accounts: Option<Arc<Accounts>>,
        logins: Arc<Logins>,
    ) -> Self {
        let mut watches = JoinSet::new();
        let all = logins.clone();
        watches.spawn(for_ever(move || all.clone().watch()));
        if let Some(accounts) = accounts.clone() {
            watches.spawn(for_ever(move || accounts.clone().review()));
        }
        let auth = Self { schemes, accounts, logins, secure: AtomicBool::new(true), _watches: watches };
        auth.take_address(config);
        auth
    }

    /// What makes and checks tokens as these settings say, where there are accounts. Keys are read from their files.
    ///
    /// # Errors
    /// A key cannot be used.
    pub fn renewed_tokens(&self, config: &Config) -> Result<Option<Tokens>, KeyError> {
        self.accounts.is_some().then(|| Tokens::start(config)).transpose()
    }

    /// These settings hold from now on.
    pub fn apply(&self, config: &Config, tokens: Option<Tokens>) {
        let settings = &config.settings().auth;
        self.logins.set_notice(settings.expiry_notice);
        if let (Some(accounts), Some(tokens)) = (&self.accounts, tokens) {
            accounts.apply(settings, tokens);
        }
        self.take_address(config);
    }

    /// Cookies go by how browsers reach us.
    fn take_address(&self, config: &Config) {
        let https = config.settings().server.is_reached_over_https();
        let development = config.profile().is_development();
        self.secure.store(https || !development, Ordering::Relaxed);
        if self.accounts.is_some() && !https && !development {
            tracing::warn!(
                "browsers keep the cookies of the accounts over https only, and nothing says that they reach this server \
                 over it: set server.public_urls to its https address"
            );
        }
    }

    /// Where browsers keep their tokens.
    pub fn cookies(&self) -> Cookies {
        Cookies::new(self.secure.load(Ordering::Relaxed))
    }

    /// The credentials of a request.
    pub fn credentials_of<'a>(&self, headers: &'a HeaderMap) -> Result<Credentials<'a>, Error> {
        Credentials::new(Cow::Borrowed(headers), None, self.cookies().access())
    }

    /// Who sends this request, if somebody is logged in. Credentials that are wrong are an error.
    pub async fn user_of_request(&self, headers: &HeaderMap) -> Result<Option<User>, Error> {
        let credentials = self.credentials_of(headers)?;
        match self.prove(&credentials).await? {
            None => Ok(None),
            Some(proof) => proof.user().await.map(Some),
        }
    }

    /// Who enters a namespace, as its policy asks.
    pub async fn log_in(
        &self,
        policy: Access,
        headers: HeaderMap,
        auth: Option<&str>,
        opener: Option<&Opener>,
    ) -> Result<Option<(User, Login)>, Error> {
        if policy == Access::None {
            return Ok(None);
        }
        let credentials = Credentials::new(Cow::Owned(headers), auth, self.cookies().access())?;
        let proof = match self.prove(&credentials).await {
            Err(error) if credentials.is_from_cookie() => Some(self.refreshed(opener).await?.ok_or(error)?),
            proof => proof?,
        };
        match proof {
            None if policy == Access::Required => Err(Code::Unauthenticated.into()),
            None => Ok(None),
            Some(proof) => proof.open(&self.logins).await.map(Some),
        }
    }

    /// Lets a socket's log-in last longer: with another token of the same user, or as the session was refreshed meanwhile.
    /// Says until when.
    pub async fn renew(&self, user: &User, login: &Login, token: Option<&str>) -> Result<Option<Timestamp>, Error> {
        let (proof, expiry) = match (token, login.state()) {
            (Some(token), _) => {
                let proof = self.prove(&Credentials::of_token(token)).await?.ok_or(Code::Unauthenticated)?;
                let expiry = proof.expiry();
                let (renewed, proof) = proof.open(&self.logins).await?;
                check_same(user, &renewed)?;
                (proof, expiry)
            }
            (None, (Some(session), _)) => {
                let accounts = self.accounts()?;
                // before the database is asked, so that a log-out from now on finds it
                let proof = self.logins.open(user.id(), Some(session.clone()), None);
                let until = accounts.refreshed_until(user.id(), &session).await?;
                (proof, Some(accounts.expiry(until.into())))
            }
            (None, (None, end)) => return Ok(end),
        };
        let renewed = login.renew(&proof, expiry);
        renewed.map_err(|ending| Error::new(Code::Unauthenticated).with_cause(ending.message()))?;
        Ok(login.state().1)
    }

    /// Whose valid cookie a request has that opens a connection.
    pub fn opener(&self, headers: &HeaderMap) -> Option<Opener> {
        let token = cookie::find(headers, self.cookies().access()).ok()??;
        let Verified { user_id, session, .. } = self.accounts.as_ref()?.terms().tokens.verify(&token).ok()?;
        Some(Opener { user_id, session })
    }

    /// The session of our cookie in a request, if it has one whose signature is right: it may have expired.
    pub fn cookie_session(&self, headers: &HeaderMap) -> Option<SessionId> {
        let token = cookie::find(headers, self.cookies().access()).ok()??;
        self.accounts.as_ref()?.terms().tokens.session_of(&token).map(|(_, session)| session)
    }

    /// Sessions and accounts, for authors.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.accounts.clone(), self.logins.clone())
    }

    /// On how many sockets somebody is logged in.
    pub fn logged_in(&self) -> usize {
        self.logins.count()
    }

    pub fn accounts(&self) -> Result<Arc<Accounts>, Error> {
        self.accounts.clone().ok_or_else(|| Error::new(Code::Internal).with_cause("accounts are not configured"))
    }

    /// The log-in that opened a connection, if it was refreshed meanwhile: the connection has the old cookie still, which has
    /// expired.
    async fn refreshed(&self, opener: Option<&Opener>) -> Result<Option<Proof>, Error> {
        let (Some(accounts), Some(Opener { user_id, session })) = (&self.accounts, opener) else { return Ok(None) };
        let until = accounts.refreshed_until(user_id, session).await?;
        if until <= Timestamp::now() {
            return Ok(None);
        }
        let expires_at = SystemTime::from(until).duration_since(UNIX_EPOCH)?.as_secs();
        let token = Verified { user_id: user_id.clone(), session: session.clone(), expires_at };
        Ok(Some(Proof::Account(accounts.clone(), token)))
    }

    /// Asks one scheme after the other, the accounts last. Every token that nobody takes is the same `unauthenticated`.
    async fn prove(&self, credentials: &Credentials<'_>) -> Result<Option<Proof>, Error> {
        for scheme in &self.schemes {
            if let Some(proven) = scheme.authenticate(credentials).await? {
                return Ok(Some(Proof::Scheme(proven)));
            }
        }
        let Some(token) = credentials.token() else { return Ok(None) };
        let Some(accounts) = &self.accounts else {
            return Err(Error::new(Code::Unauthenticated).with_cause("no scheme takes this token"));
        };
        Ok(Some(Proof::Account(accounts.clone(), accounts.terms().tokens.verify(token)?)))
    }
}

/// Whether a socket's user may go on as this one: what the socket has joined rests on who they were.
fn check_same(user: &User, renewed: &User) -> Result<(), Error> {
    let problem = if renewed != user {
        "this token is another user's: connect anew"
    } else if user.roles().iter().any(|role| !renewed.has_role(role)) {
        "this token lacks a role: connect anew"
    } else if !renewed.has_claims_of(user) {
        "this token has other claims: connect anew"
    } else {
        return Ok(());
    };
    Err(Error::new(Code::Forbidden).with_message(problem))
}

/// Does something that never ends, also after a panic: else sockets would outlive their sessions from then on.
async fn for_ever<F: Future<Output = ()>>(watch: impl Fn() -> F) {
    loop {
        if AssertUnwindSafe(watch()).catch_unwind().await.is_err() {
            tracing::error!("watching over logins panicked; it begins anew");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
