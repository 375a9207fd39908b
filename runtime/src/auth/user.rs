//! Who is logged in.

use super::{SessionId, scheme::Claims};
use std::{
    any::Any,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Who is logged in. As a handler's argument it is there, or the answer is `unauthenticated`; `Option<User>` may be nobody.
///
/// `User<C>` has claims: what a scheme of the application's own says of the user beyond the name, see
/// [`Authenticate`](crate::auth::Authenticate). Accounts have none.
///
/// Two users are equal if their ids are. On a socket it is as it was when the client connected: a socket whose user loses a
/// role is closed, and one whose user has other claims is not renewed.
#[derive(Clone)]
pub struct User<C = ()> {
    parts: Arc<Parts>,
    claims: C,
}

struct Parts {
    id: String,
    name: String,
    roles: Vec<String>,
    session: Option<SessionId>,
    claims: Option<Arc<dyn Claims>>,
}

impl User {
    /// A user of an account.
    pub(super) fn of_session(id: String, name: String, roles: Vec<String>, session: SessionId) -> Self {
        Self { parts: Arc::new(Parts { id, name, roles, session: Some(session), claims: None }), claims: () }
    }

    /// A user of an account who may not be logged in.
    pub(crate) fn without_session(id: String, name: String, roles: Vec<String>) -> Self {
        Self { parts: Arc::new(Parts { id, name, roles, session: None, claims: None }), claims: () }
    }

    /// A user of whom a scheme says more.
    pub(super) fn with(id: String, name: String, roles: Vec<String>, claims: Arc<dyn Claims>) -> Self {
        Self { parts: Arc::new(Parts { id, name, roles, session: None, claims: Some(claims) }), claims: () }
    }

    /// Whether the scheme says the same of both beyond id, name and roles.
    pub(super) fn has_claims_of(&self, other: &Self) -> bool {
        match (self.parts.claims.as_deref(), other.parts.claims.as_deref()) {
            (None, None) => true,
            (Some(own), Some(others)) => own.equals(others),
            _ => false,
        }
    }

    /// The same user with claims of this type; `None` where the scheme that let them in has others.
    pub(crate) fn with_claims<C: Clone + 'static>(self) -> Option<User<C>> {
        let own = self.parts.claims.as_deref().and_then(|claims| (claims as &dyn Any).downcast_ref::<C>());
        let claims = (&() as &dyn Any).downcast_ref::<C>().or(own)?.clone();
        Some(User { parts: self.parts, claims })
    }
}

impl<C> User<C> {
    /// Names the user for good, whatever they are called: of an account its id, else what the scheme says.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.parts.id
    }

    /// What the user is called, as they wrote it when they registered.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// What the user may be: `admin`, `editor`, …, in no order.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.parts.roles
    }

    /// Whether the user has this role. Case matters.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.parts.roles.iter().any(|own| own == role)
    }

    /// The session of the account, which one log-in begins; `None` for users of another scheme.
    #[must_use]
    pub fn session(&self) -> Option<&SessionId> {
        self.parts.session.as_ref()
    }

    /// What the scheme says of the user.
    #[must_use]
    pub fn claims(&self) -> &C {
        &self.claims
    }
}

impl<C> PartialEq for User<C> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl<C> Eq for User<C> {}

impl<C> Hash for User<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl<C> fmt::Debug for User<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User({})", self.parts.id)
    }
}
