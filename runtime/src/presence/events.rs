//! What clients hear.

use super::PresenceEntry;
use crate::registry::{SchemaOf, schema_of};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// `presence_list`: everybody who is present in a room. It replaces what the client knew.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PresenceList<M = Value> {
    /// The room.
    pub room: String,
    /// Sorted by name and id.
    pub entries: Vec<PresenceEntry<M>>,
}

/// `presence_joined`: a user's first socket is present in a room.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PresenceJoined<M = Value> {
    /// The room.
    pub room: String,
    /// Who it is.
    pub entry: PresenceEntry<M>,
}

/// `presence_changed`: a user's meta or number of sockets is another one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PresenceChanged<M = Value> {
    /// The room.
    pub room: String,
    /// As it is now.
    pub entry: PresenceEntry<M>,
}

/// `presence_left`: a user's last socket is gone.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PresenceLeft<M = Value> {
    /// The room.
    pub room: String,
    /// As it was at last.
    pub entry: PresenceEntry<M>,
}

pub(crate) const LIST: &str = "presence_list";
pub(crate) const JOINED: &str = "presence_joined";
pub(crate) const CHANGED: &str = "presence_changed";
pub(crate) const LEFT: &str = "presence_left";

/// An event that every namespace sends whose handlers use [`Presence`](super::Presence).
#[derive(Debug, Clone, Copy)]
pub struct PresenceEvent {
    /// The event's name.
    pub name: &'static str,
    /// The schema of its payload.
    pub payload: SchemaOf,
}

/// All of them.
pub const EVENTS: [PresenceEvent; 4] = [
    PresenceEvent { name: LIST, payload: schema_of::<PresenceList> },
    PresenceEvent { name: JOINED, payload: schema_of::<PresenceJoined> },
    PresenceEvent { name: CHANGED, payload: schema_of::<PresenceChanged> },
    PresenceEvent { name: LEFT, payload: schema_of::<PresenceLeft> },
];
