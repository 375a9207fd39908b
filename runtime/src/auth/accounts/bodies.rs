//! What the routes of accounts read and write, as JSON.

use crate::{
    auth::{SessionInfo, User},
    wire::Timestamp,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who somebody says they are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NameAndPassword {
    pub name: String,
    pub password: String,
    /// Whether the tokens are to be in the answer, for a client without cookies.
    #[serde(default)]
    pub bearer: bool,
}

/// A refresh token, of a client without cookies.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    pub refresh_token: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    pub password: String,
    pub new_password: String,
}

/// Who is logged in.
#[derive(Serialize)]
pub(super) struct Me<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub roles: &'a [String],
}

/// Who has just logged in, or refreshed.
#[derive(Serialize)]
pub(super) struct LoggedIn<'a> {
    #[serde(flatten)]
    pub me: Me<'a>,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// When the session does, unless it is refreshed before.
    pub session_expires_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// A session, as its owner sees it.
#[derive(Serialize)]
pub(super) struct SessionOfMine {
    #[serde(flatten)]
    pub session: SessionInfo,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl<'a> Me<'a> {
    pub fn of(user: &'a User) -> Self {
        Self { id: user.id(), name: user.name(), roles: user.roles() }
    }
}
