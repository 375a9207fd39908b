//! Other ways to prove who one is than an account: an identity provider's tokens, API keys.

use super::{Credentials, User, tokens::moment};
use crate::error::Error;
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    any::{Any, TypeId},
    fmt,
    sync::Arc,
    time::SystemTime,
};

/// A way to prove who one is, beside the accounts or in their place. Given to
/// [`App::authenticate`](crate::App::authenticate).
///
/// It is asked at each HTTP request whose handler wants to know the user, when a client enters a namespace that
/// authenticates, and when a socket renews its log-in (`auth:renew`, which brings a token and nothing else); within the
/// deadline of that. Keep what is costly, such as an identity provider's keys.
///
/// Two programs show it whole: `tests/examples/identity_provider.rs` (tokens, verified by the keys that an identity provider
/// publishes) and `tests/examples/api_keys.rs` (keys in the configuration, beside accounts).
///
/// ```
/// use lambdio::{auth::{Authenticate, Credentials, Identity}, prelude::*};
///
/// struct ApiKeys;
///
/// #[derive(Clone, PartialEq)]
/// struct Machine { site: String }
///
/// impl Authenticate for ApiKeys {
///     type Claims = Machine;
///
///     async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Option<Identity<Machine>>, lambdio::Error> {
///         match credentials.header("x-api-key") {
///             None => Ok(None), // not our kind: the next scheme is asked
///             Some("a key of the depot") => Ok(Some(Identity::new("depot", Machine { site: "Graz".into() }).role("machine"))),
///             Some(_) => Err(Code::Unauthenticated.into()),
///         }
///     }
/// }
///
/// #[handler(namespace = "/machines", event = "where")]
/// async fn site(user: User<Machine>) -> String {
///     user.claims().site.clone()
/// }
/// ```
pub trait Authenticate: Send + Sync + 'static {
    /// What handlers learn of the user beyond id, name and roles, as [`User<Claims>`](User). `()` is nothing.
    ///
    /// A socket is renewed only by who has equal claims, since what it has joined may rest on them. Leave out what each token
    /// has anew, such as the time it was issued.
    type Claims: Clone + PartialEq + Send + Sync + 'static;

    /// Says who shows these credentials. `None` where they are of another kind: the next scheme is asked, the accounts last.
    ///
    /// # Errors
    /// The answer then, nobody else is asked. Answer all credentials that are wrong with the same `unauthenticated`, and give
    /// the reason as the cause: it is logged. A bare `?` answers `internal`, as if the server were at fault.
    fn authenticate(
        &self,
        credentials: &Credentials<'_>,
    ) -> impl Future<Output = Result<Option<Identity<Self::Claims>>, Error>> + Send;
}

/// Who somebody is, as a scheme found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity<C = ()> {
    id: String,
    name: Option<String>,
    roles: Vec<String>,
    claims: C,
    expires_at: Option<SystemTime>,
}

impl<C> Identity<C> {
    /// A user of this id, which names them for good. It has to differ from every account's and other scheme's: begin it with
    /// the scheme's name where there are several.
    pub fn new(id: impl Into<String>, claims: C) -> Self {
        Self { id: id.into(), name: None, roles: Vec::new(), claims, expires_at: None }
    }

    /// What the user is called. Default: the id.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds a role.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// Adds roles.
    #[must_use]
    pub fn roles<R: Into<String>>(mut self, roles: impl IntoIterator<Item = R>) -> Self {
        self.roles.extend(roles.into_iter().map(Into::into));
        self
    }

    /// When this is no longer true: a socket is told before, and closed then unless it renews. Default: never.
    #[must_use]
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// The same, in seconds since 1970, as a token's `exp` has it (RFC 7519). What is beyond the clock is in the past.
    #[must_use]
    pub fn expires_at_unix(self, seconds: u64) -> Self {
        self.expires_at(moment(seconds))
    }
}

/// What a scheme has found out, whatever its claims.
pub(crate) struct Proven {
    pub user: User,
    pub expires_at: Option<SystemTime>,
}

/// A scheme, whatever its claims.
pub(crate) trait Scheme: Send + Sync {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'a>) -> BoxFuture<'a, Result<Option<Proven>, Error>>;
}

impl<A: Authenticate> Scheme for A {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'a>) -> BoxFuture<'a, Result<Option<Proven>, Error>> {
        async move {
            let identity = Authenticate::authenticate(self, credentials).await?;
            Ok(identity.map(|Identity { id, name, roles, claims, expires_at }| {
                let name = name.unwrap_or_else(|| id.clone());
                Proven { user: User::with(id, name, roles, Arc::new(claims)), expires_at }
            }))
        }
        .boxed()
    }
}

/// Claims, whatever their type.
pub(super) trait Claims: Any + Send + Sync {
    /// Whether those are of the same type and equal.
    fn equals(&self, other: &dyn Claims) -> bool;
}

impl<C: Any + PartialEq + Send + Sync> Claims for C {
    fn equals(&self, other: &dyn Claims) -> bool {
        (other as &dyn Any).downcast_ref::<C>() == Some(self)
    }
}

/// A type of claims that some scheme has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClaimsType {
    pub id: TypeId,
    pub name: &'static str,
}

impl ClaimsType {
    pub fn of<C: Any>() -> Self {
        Self { id: TypeId::of::<C>(), name: std::any::type_name::<C>() }
    }
}

impl fmt::Debug for ClaimsType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
