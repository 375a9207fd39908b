//! Names of sessions.

use crate::random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// Names one session of an account: 22 random characters. One log-in begins a session; it is in the user's tokens (`sid`).
///
/// It is no credential: knowing it lets nobody in. Show it to its owner only all the same: who knows it and the user's id can
/// make the session end, with a refresh token that looks used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SessionId(Arc<str>);

impl SessionId {
    /// A new random name.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        Ok(Self(random::name::<22>()?.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SessionId {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
