//! Everybody at once.

use super::{
    Report,
    census::{Census, memory},
    guest::Guest,
    probe,
    report::megabytes,
};
use crate::{World, failure::fail, http};
use futures_util::{StreamExt, future::join_all, stream};
use std::panic::Location;
use tokio::time::Instant;

/// How many come at the same time.
const AT_ONCE: usize = 64;

/// So many clients at once, all in one room: all hear one call. Then all are cut at once, and nothing is left of them.
#[track_caller]
pub fn crowd(world: &World, guests: usize) -> impl Future<Output = Report> {
    let place = Location::caller();
    let probe = probe(world);
    async move {
        let probe = &probe.await;
        let before = Census::take(probe, 0, place).await;
        let memory_before = memory(probe, place);
        let mut report = Report::default();

        let start = Instant::now();
        let arriving = stream::iter(0..guests).map(|number| Guest::arrive_to_listen(probe, number));
        let mut crowd: Vec<Guest> = arriving.buffer_unordered(AT_ONCE).collect().await;
        let there = Census::take(probe, 0, place).await;
        if there.sockets != guests {
            fail(place, format!("{guests} clients have come, but there is {there:?}"));
        }
        let full = memory(probe, place);
        report.line(format!("{guests} clients came in {:.1} s", start.elapsed().as_secs_f32()));
        let grown = full.saturating_sub(memory_before);
        report.line(format!(
            "memory           {} before, {} with them: {} bytes for each",
            megabytes(memory_before),
            megabytes(full),
            grown / guests as u64
        ));

        let start = Instant::now();
        let called = http::request(probe.address(), "POST", "/waves/call", "\"hello\"").await;
        called.unwrap_or_else(|error| fail(place, error));
        join_all(crowd.iter_mut().map(Guest::hear_the_call)).await;
        report.line(format!("one call         heard by all after {:.0} ms", start.elapsed().as_secs_f32() * 1e3));

        let start = Instant::now();
        for guest in crowd {
            guest.cut(place);
        }
        before.is_again(probe, 0, place).await;
        report.line(format!(
            "all cut          nothing of them left after {:.1} s, {}",
            start.elapsed().as_secs_f32(),
            megabytes(memory(probe, place))
        ));
        report
    }
}
