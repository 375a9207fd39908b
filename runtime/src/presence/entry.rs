//! Who is present in a room.

use super::{PresenceError, meta::Meta};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// One user who is present in a room, with all their sockets; or, where nobody is logged in, one socket.
///
/// A user's meta is the one that was tracked last. When that socket goes, the last one of the remaining sockets counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PresenceEntry<M = Value> {
    /// Names the entry in its room: the user's id, or the [`SocketId`](crate::SocketId) where nobody is logged in.
    pub id: String,
    /// What the user is called; missing where nobody is logged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many sockets of the user are present in the room; at least 1.
    pub sockets: usize,
    /// What was tracked with them.
    pub meta: M,
}

impl<M> PresenceEntry<M> {
    /// Users by name, then those without one.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.name.is_none(), self.name.as_deref(), self.id.as_str())
    }
}

impl PresenceEntry<Meta> {
    /// With the meta as JSON.
    pub(super) fn opened(self) -> PresenceEntry {
        let Self { id, name, sockets, meta } = self;
        PresenceEntry { id, name, sockets, meta: meta.to_value() }
    }

    /// With the meta as a type.
    pub(super) fn decoded<M: DeserializeOwned>(self) -> Result<PresenceEntry<M>, PresenceError> {
        let Self { id, name, sockets, meta } = self;
        let meta = meta.decode()?;
        Ok(PresenceEntry { id, name, sockets, meta })
    }
}
