//! Sessions that nobody polls any more.

use super::{
    Report,
    census::{Census, memory},
    probe,
    report::megabytes,
};
use crate::{Server, World, failure::Place, failure::fail, http};
use futures_util::{StreamExt, stream};
use std::panic::Location;
use tokio::time::Instant;

/// How many are opened at the same time.
const AT_ONCE: usize = 64;

/// How many share a room.
const SESSIONS_OF_A_ROOM: usize = 10;

/// So many polling sessions whose clients never come back, every second of them in a namespace and a room: the heartbeat
/// and the time-out for CONNECT end them, and nothing is left of them.
#[track_caller]
pub fn abandoned(world: &World, sessions: usize) -> impl Future<Output = Report> {
    let place = Location::caller();
    let probe = probe(world).set("socketio.ping_interval=2s").set("socketio.ping_timeout=5s");
    let probe = probe.set("socketio.connect_timeout=5s");
    async move {
        let (probe, rooms) = (&probe.await, sessions / SESSIONS_OF_A_ROOM);
        let before = Census::take(probe, rooms, place).await;
        let start = Instant::now();
        let opening = stream::iter(0..sessions);
        opening
            .for_each_concurrent(AT_ONCE, |number| open(probe, (number % 2 == 0).then_some(number % rooms), place))
            .await;
        let there = Census::take(probe, rooms, place).await;
        if there.present == 0 {
            fail(place, format!("nobody has entered a room: {there:?}"));
        }
        before.is_again(probe, rooms, place).await;
        let mut report = Report::default();
        report.line(format!(
            "{sessions} sessions    nothing of them left {:.1} s after the first came, {}",
            start.elapsed().as_secs_f32(),
            megabytes(memory(probe, place))
        ));
        report
    }
}

async fn open(server: &Server, room: Option<usize>, place: Place) {
    let path = "/socket.io/?EIO=4&transport=polling";
    let opened = http::request(server.address(), "GET", path, "").await.unwrap_or_else(|error| fail(place, error));
    server.secrets().packets(&opened);
    let Some(sid) = http::session(&opened) else { fail(place, format!("no session but {opened}")) };
    let Some(room) = room else { return };
    let (path, enter) = (format!("{path}&sid={sid}"), format!("42/waves,1[\"enter\",[\"{room}\"]]"));
    for (method, packet) in [("POST", "40/waves,"), ("GET", ""), ("POST", &enter), ("GET", "")] {
        let answer = http::request(server.address(), method, &path, packet).await;
        answer.unwrap_or_else(|error| fail(place, error));
    }
}
