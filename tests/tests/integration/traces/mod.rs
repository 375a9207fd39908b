//! Traces, as a collector gets them.

mod collectors;
mod section;
mod spans;

use lambdio_tests::{Program, Server, Signal, Span, Trial, World, eventually};
use serde_json::Value;

/// All of them.
pub fn trials() -> Vec<Trial> {
    [collectors::trials(), section::trials(), spans::trials()].into_iter().flatten().collect()
}

/// The trace of somebody else, and a span in it.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

fn traceparent(flags: &str) -> String {
    format!("00-{TRACE}-{SPAN}-{flags}")
}

/// A program that sends its traces to this address.
fn traced(world: &World, endpoint: &str) -> Program {
    let program = world.example("traced").set("log.format=json").set("log.level=info,lambdio=debug,traced=debug");
    program.set(&format!("otlp.endpoint={endpoint}"))
}

/// Stops a server. What it had to send has arrived then.
async fn stop(mut server: Server) {
    server.signal(Signal::TERM);
    assert_eq!(server.wait_exit().await, Some(0));
}

/// The line of the log that fits.
async fn line(server: &Server, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let parse = |line: String| serde_json::from_str::<Value>(&line).expect("a line in JSON");
    eventually(what, async || server.log().lines().into_iter().map(parse).find(&fits)).await
}

fn names(spans: &[Span]) -> Vec<&str> {
    let mut names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
    names.sort_unstable();
    names
}
