//! Crowds that leave nothing behind.

use super::{
    Report,
    census::{Census, memory},
    guest::{Guest, pass_by},
    probe,
    report::megabytes,
};
use crate::{World, failure::fail};
use futures_util::{StreamExt, future::join, stream};
use std::panic::Location;
use tokio::time::Instant;

/// How many come, and how many leave, at the same time.
const AT_ONCE: usize = 64;

/// How many share a room: each is in two.
const GUESTS_OF_A_ROOM: usize = 10;

/// How far, in percent, the memory after later waves may be apart. The first half of them warms up.
const SPREAD: u64 = 10;

/// Waves of clients, half of which leave without a goodbye, some in the middle of a handler; while they leave,
/// others come and are gone at once. After each of them the
/// sockets, rooms, presence lists, tasks and open files are what they were before, and so is memory after the later ones.
#[track_caller]
pub fn waves(world: &World, waves: usize, guests: usize) -> impl Future<Output = Report> {
    let place = Location::caller();
    // Socket.IO keeps a task for that long of who is gone before CONNECT
    let probe = probe(world).set("socketio.connect_timeout=5s");
    async move {
        let (probe, rooms) = (&probe.await, guests / GUESTS_OF_A_ROOM);
        let before = Census::take(probe, rooms, place).await;
        let mut report = Report::default();
        report.line(format!("at first         {}, {before:?}", megabytes(memory(probe, place))));
        let mut memories = Vec::new();
        for wave in 1..=waves {
            let start = Instant::now();
            let arriving = stream::iter(0..guests).map(|number| Guest::arrive(probe, number, rooms));
            let crowd: Vec<Guest> = arriving.buffer_unordered(AT_ONCE).collect().await;
            let there = Census::take(probe, rooms, place).await;
            if (there.sockets, there.members, there.present) != (guests, guests, 2 * guests) {
                fail(place, format!("{guests} clients have come, but there is {there:?}"));
            }
            let full = memory(probe, place);
            let leaving = stream::iter(crowd).for_each_concurrent(AT_ONCE, |guest| guest.leave(place));
            let others = stream::iter(0..guests / 4);
            join(leaving, others.for_each_concurrent(AT_ONCE, |number| pass_by(probe, number, place))).await;
            before.is_again(probe, rooms, place).await;
            memories.push(memory(probe, place));
            report.line(format!(
                "wave {wave:2}          {} after {guests} clients; {} and {} tasks with them; {:.1} s",
                megabytes(memories[wave - 1]),
                megabytes(full),
                there.tasks,
                start.elapsed().as_secs_f32(),
            ));
        }
        let later = &memories[waves / 2..];
        let (least, most) = (later.iter().min().copied().unwrap_or(1), later.iter().max().copied().unwrap_or(1));
        report.line(format!("later waves      {} to {}", megabytes(least), megabytes(most)));
        if (most - least) * 100 > least * SPREAD {
            fail(place, format!("memory after later waves differs by more than {SPREAD} %:\n{report}"));
        }
        report
    }
}
