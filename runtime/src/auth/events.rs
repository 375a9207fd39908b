//! What logged-in clients hear and say of their log-in, in every namespace that authenticates.
//!
//! | event | from | payload | |
//! |---|---|---|---|
//! | `auth:expiring` | server | [`Expiring`] | renew, or be closed at that moment |
//! | `auth:renew` | client | [`Renew`], acknowledged with [`Renewed`] | goes on with a new token, or with a refreshed session |
//! | `auth:ended` | server | [`Ended`] | the last event: the socket is closed |

use super::Ending;
use crate::{
    context::{Context, EventContext, HasPayload, HasSocket},
    emit::EmitError,
    error::{Code, Error},
    reply::Reply,
    socket::Connection,
    wire::{Arguments, Single, Timestamp},
};
use futures_util::{FutureExt, future::BoxFuture};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::SystemTime;

/// What names of the runtime's own events begin with, in namespaces that authenticate.
pub(crate) const PREFIX: &str = "auth:";
/// The event with which a client renews its log-in.
pub(crate) const RENEW: &str = "auth:renew";
const EXPIRING: &str = "auth:expiring";
const ENDED: &str = "auth:ended";

/// `auth:expiring`: the log-in is about to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Expiring {
    /// When, by the server's clock.
    pub expires_at: Timestamp,
    /// How many milliseconds are left.
    pub expires_in_ms: u64,
}

/// `auth:ended`: the log-in has ended, and the socket is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ended {
    /// Why: `expired`, `logged_out`, `password_changed`, `refresh_token_reused`, `revoked`, `account_disabled`, `role_lost`,
    /// `policy_changed`.
    pub code: &'static str,
    /// Why, for people.
    pub message: &'static str,
}

/// `auth:renew`: the client wants to stay.
#[derive(Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// A new token of the same user. Without one: the session was refreshed over HTTP, and the socket goes on with it.
    pub token: Option<String>,
}

/// The acknowledgement of `auth:renew`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Renewed {
    /// When the log-in ends now; nothing where it has no end.
    pub expires_at: Option<Timestamp>,
}

/// Tells a client that its log-in is about to end.
pub(super) fn tell_expiring(connection: &Connection, at: SystemTime) {
    let left = at.duration_since(SystemTime::now()).unwrap_or_default();
    let expires_in_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    tell(connection, EXPIRING, &Expiring { expires_at: at.into(), expires_in_ms });
}

/// Tells a client that its log-in has ended.
pub(crate) fn tell_ended(connection: &Connection, ending: Ending) {
    tell(connection, ENDED, &Ended { code: ending.code(), message: ending.message() });
}

fn tell<T: Serialize>(connection: &Connection, event: &'static str, payload: &T) {
    let sent = Single(payload).encode().map_err(|error| EmitError::not_encoded(event, &error).to_string());
    let sent = sent.and_then(|encoded| connection.send_event(event, &encoded).map_err(|error| error.to_string()));
    if let Err(reason) = sent {
        // a client that does not read what it is sent is disconnected by that
        tracing::debug!(namespace = connection.namespace.path(), socket = %connection.id, event, reason, "not told");
    }
}

/// Serves `auth:renew`.
pub(crate) fn renew(cx: &mut EventContext) -> BoxFuture<'_, Result<Reply, Error>> {
    async move {
        let Renew { token } = cx.payload::<Option<Renew>>().await?.unwrap_or_default();
        let connection = cx.socket().connection().clone();
        let (Some(login), Some(user)) = (&connection.login, &connection.user) else {
            return Err(Code::Unauthenticated.into());
        };
        let expires_at = cx.app().auth.renew(user, login, token.as_deref()).await?;
        Reply::new(&Renewed { expires_at })
    }
    .boxed()
}
