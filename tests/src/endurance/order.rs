//! Numbered events.

use super::{Report, probe};
use crate::{Transport, World, failure::fail};
use serde_json::{Value, json};
use std::panic::Location;
use tokio::time::Instant;

/// So many numbered events in one go are handled in order, and each is acknowledged, in order; so many times in a row,
/// over websockets and polling.
#[track_caller]
pub fn order(world: &World, runs: usize, events: usize) -> impl Future<Output = Report> {
    let place = Location::caller();
    async move {
        let probe = probe(world).await;
        let ada = probe.client("ada").await;
        let mut report = Report::default();
        for transport in Transport::BOTH {
            let start = Instant::now();
            for run in 1..=runs {
                let socket = ada.connect("/waves").over(transport).await;
                let acks = socket.burst("number", (0..events).map(|number| json!([number])).collect()).await;
                let expected: Vec<(usize, Value)> = (0..events).map(|number| (number, json!([number]))).collect();
                if acks != expected {
                    let odd = acks.iter().zip(&expected).find(|(ack, expected)| ack != expected);
                    fail(
                        place,
                        format!("run {run} over {transport:?}: {} acks, the first wrong one {odd:?}", acks.len()),
                    );
                }
                let noted = socket.ask("noted", json!([])).await;
                if noted != json!((0..events).collect::<Vec<_>>()) {
                    fail(place, format!("run {run} over {transport:?}: handled in this order: {noted}"));
                }
                socket.close().await;
            }
            let passed = start.elapsed().as_secs_f32();
            let name = format!("{transport:?}");
            report.line(format!("{name:17}{runs} times {events} events and acknowledgements, {passed:.1} s"));
        }
        report
    }
}
