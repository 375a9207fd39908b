//! Rooms, and what those in them are told.

use lambdio::{EmitError, prelude::*};
use std::sync::{Mutex, PoisonError};

/// Everybody who is connected.
pub const ONLINE: &str = "online";

/// The namespace of all events.
pub const NAMESPACE: &str = "/documents";

const OPEN: &str = "document:";
const LISTED: &str = "listed:";

/// Those who have a document open. Clients see the name in the events of presence.
#[must_use]
pub fn open_in(id: Id) -> String {
    format!("{OPEN}{id}")
}

/// Those who have a document in their list.
#[must_use]
pub fn listed_by(id: Id) -> String {
    format!("{LISTED}{id}")
}

/// The rooms of documents in their list among these.
#[must_use]
pub fn listed(mut rooms: Vec<String>) -> Vec<String> {
    rooms.retain(|room| room.starts_with(LISTED));
    rooms
}

/// The documents that a socket in these rooms has open.
pub fn opened(rooms: &[String]) -> impl Iterator<Item = Id> {
    rooms.iter().filter_map(|room| room.strip_prefix(OPEN)?.parse().ok())
}

/// How many people have a document open.
#[must_use]
pub fn here(emitter: &Emitter, id: Id) -> usize {
    emitter.presence(NAMESPACE).list(open_in(id)).len()
}

/// Sent to those who list a document, when somebody opens it or is gone.
#[event(namespace = "/documents", name = "here_changed")]
pub struct HereChanged {
    /// The document.
    pub id: Id,
    /// How many people have it open.
    pub here: usize,
}

/// Tells those who list a document how many people have it open.
///
/// # Errors
/// None that a client could bring about.
pub fn tell_here(emitter: &Emitter, id: Id) -> Result<(), EmitError> {
    // one after the other, so that the last number told is the right one
    static TELLING: Mutex<()> = Mutex::new(());
    let _one = TELLING.lock().unwrap_or_else(PoisonError::into_inner);
    emitter.to(listed_by(id)).emit(&HereChanged { id, here: here(emitter, id) })
}
