//! Who is there, in `/presence`.

#![allow(clippy::panic, reason = "a disconnect handler that panics is what is tested")]

use crate::life::{ClientName, Journal, Query};
use lambdio::prelude::*;
use std::time::Duration;

/// What a client says about itself; the text may have any size.
#[payload]
struct Mood {
    mood: String,
}

/// A middleware has nobody to track yet.
#[middleware(connect, namespace = "/presence", order = 1)]
async fn too_early(presence: Presence) -> Result<(), lambdio::Error> {
    if presence.track("early", &()).is_ok() {
        return Err(Code::Internal.into());
    }
    Ok(())
}

/// Tracks who asks for it by their name, and refuses them then.
#[connect(namespace = "/presence")]
async fn arrive(HandshakeQuery(query): HandshakeQuery<Query>, presence: Presence) -> Result<(), lambdio::Error> {
    if query.client == "unwanted" {
        presence.track("red", &())?;
        return Err(Code::Forbidden.into());
    }
    Ok(())
}

/// Would leave everybody behind if presence depended on it.
#[disconnect(namespace = "/presence")]
async fn depart() {
    panic!("a disconnect handler that fails");
}

#[handler(namespace = "/presence", event = "track")]
async fn track(
    Args((room, mood)): Args<(String, String)>,
    presence: Presence,
) -> Result<Vec<PresenceEntry>, lambdio::Error> {
    Ok(presence.track(room, &Mood { mood })?)
}

/// Tracks with what is no mood.
#[handler(namespace = "/presence", event = "track_nothing")]
async fn track_nothing(Data(room): Data<String>, presence: Presence) -> Result<usize, lambdio::Error> {
    Ok(presence.track(room, &())?.len())
}

#[handler(namespace = "/presence", event = "untrack")]
async fn untrack(Data(room): Data<String>, presence: Presence) {
    presence.untrack(room);
}

#[handler(namespace = "/presence", event = "list")]
async fn list(Data(room): Data<String>, presence: Presence) -> Vec<PresenceEntry> {
    presence.list(room)
}

#[handler(namespace = "/presence", event = "moods")]
async fn moods(Data(room): Data<String>, presence: Presence) -> Result<Vec<String>, lambdio::Error> {
    let list = presence.list_as::<Mood>(room)?;
    Ok(list.into_iter().map(|entry| entry.meta.mood).collect())
}

#[handler(namespace = "/presence", event = "join")]
async fn join(Data(room): Data<String>, socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.join(room)?)
}

#[handler(namespace = "/presence", event = "leave")]
async fn leave(Data(room): Data<String>, socket: Socket) {
    socket.leave(room);
}

#[handler(namespace = "/presence", event = "rooms")]
async fn rooms(socket: Socket) -> Vec<String> {
    socket.rooms()
}

#[handler(namespace = "/presence", event = "put_me_out")]
async fn put_me_out(socket: Socket) {
    socket.disconnect();
}

/// Is still at it when its client has left, and tracks it then.
#[handler(namespace = "/presence", event = "track_later")]
async fn track_later(socket: Socket, presence: Presence, journal: Provided<Journal>) {
    let client = ClientName("late".to_owned());
    journal.write(&client, "began".to_owned(), vec![]);
    while socket.is_connected() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let tracked = presence.track("red", &()).is_ok();
    journal.write(&client, format!("tracked: {tracked}"), vec![]);
}

#[route(get = "/presence/{room}")]
async fn list_from_outside(Path(room): Path<String>, emitter: Emitter) -> Vec<PresenceEntry> {
    emitter.presence("/presence").list(room)
}

#[route(delete = "/presence/{room}")]
async fn forget(Path(room): Path<String>, emitter: Emitter) {
    emitter.presence("/presence").forget(room);
}
