//! Public names of sockets.

use crate::random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The public name of one socket in one namespace: 22 characters, random, never reused.
///
/// It is not the Engine.IO session id, which is a credential. It may be shown to other clients.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SocketId(Arc<str>);

impl SocketId {
    /// A new random name.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        Ok(Self(random::name::<22>()?.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
