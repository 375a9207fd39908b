//! What happens is counted, measured and shown.

use super::rows::{
    Is::{AtLeast, AtMost, Exactly},
    Row, shows,
};
use crate::{
    limits,
    listener::{exhaust, tcp, until_closed, with_tls},
};
use futures_util::future::join_all;
use lambdio_tests::{Certificate, Collector, Server, Signal, Transport, World, eventually, trials};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::AsyncWriteExt;

trials![
    events_connections_and_requests_are_counted,
    what_goes_through_connections_is_counted,
    an_event_that_waits_is_counted_with_its_payload,
    how_long_events_and_requests_wait_and_run_is_measured,
    clients_that_are_put_out_as_they_do_not_read_are_counted,
    acknowledgements_of_clients_are_counted_by_their_outcomes,
    connections_that_find_no_room_are_counted,
    tls_handshakes_that_come_to_nothing_are_counted,
    connections_that_cannot_be_accepted_are_counted,
    limits_are_shown_as_they_are_now,
    reloads_are_counted_by_their_outcomes,
    a_server_that_stops_is_shown_as_not_ready,
    the_process_is_measured,
    spans_that_were_sent_are_counted,
    lines_of_the_log_that_are_lost_are_counted,
];

/// All rows of this file.
pub const ROWS: &[&[Row]] = &[
    SERVED,
    LEFT,
    WAITING,
    DONE,
    MEASURED,
    UNSENT,
    PUT_OUT,
    ACKNOWLEDGED,
    OPEN,
    NO_ROOM,
    NO_ROOM_FOR_ONE,
    NO_HANDSHAKE,
    FEW_DESCRIPTORS,
    NOT_ACCEPTED,
    LIMITS,
    OTHER_LIMITS,
    RELOADED,
    READY,
    STOPPING,
    PROCESS,
    SENT,
    HEARD,
    LOST,
];

const SERVED: &[Row] = &[
    ("lambdio_events_total", &[SENDING, JOIN, ("outcome", "ok")], Exactly(2.0)),
    ("lambdio_events_total", &[SENDING, JOIN, ("outcome", "invalid_payload")], Exactly(1.0)),
    ("lambdio_event_duration_seconds_count", &[SENDING, JOIN], Exactly(3.0)),
    ("lambdio_event_queue_seconds_bucket", &[SENDING, JOIN, ("le", "+Inf")], Exactly(3.0)),
    ("lambdio_connections", &[SENDING], Exactly(2.0)),
    ("lambdio_connects_total", &[SENDING, ("outcome", "ok")], Exactly(2.0)),
    ("lambdio_connects_total", &[("namespace", "(unknown)"), ("outcome", "not_found")], Exactly(1.0)),
    ("lambdio_sessions", &[("transport", "websocket")], Exactly(1.0)),
    ("lambdio_sessions", &[("transport", "polling")], Exactly(1.0)),
    ("lambdio_rooms", &[SENDING], Exactly(2.0)),
    ("lambdio_room_members", &[SENDING], Exactly(3.0)),
    ("lambdio_network_accepted_total", &[], AtLeast(3.0)),
    ("lambdio_http_requests_total", &[GREETING, GET, ("status", "2xx")], Exactly(1.0)),
    ("lambdio_http_requests_total", &[("route", "(unknown)"), GET, ("status", "4xx")], Exactly(1.0)),
    ("lambdio_http_requests_total", &[("route", "(socketio)"), ("status", "2xx")], AtLeast(3.0)),
    ("lambdio_http_request_duration_seconds_count", &[GREETING, GET], Exactly(1.0)),
    ("lambdio_route_requests_total", &[GREETING, GET, ("outcome", "ok")], Exactly(1.0)),
    ("lambdio_route_queue_seconds_count", &[GREETING, GET], Exactly(1.0)),
];
const SENDING: (&str, &str) = ("namespace", "/sending");
const JOIN: (&str, &str) = ("event", "join");
const GREETING: (&str, &str) = ("route", "/greeting");
const GET: (&str, &str) = ("method", "GET");

const LEFT: &[Row] = &[
    ("lambdio_connections", &[SENDING], Exactly(1.0)),
    ("lambdio_disconnects_total", &[SENDING, ("reason", "client namespace disconnect")], Exactly(1.0)),
    ("lambdio_rooms", &[SENDING], Exactly(1.0)),
];

async fn events_connections_and_requests_are_counted(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/sending").await;
    let polling = probe.client("bob").await.connect("/sending").over(Transport::Polling).await;
    socket.emit_with_ack("join", json!([["red", "blue"]])).await;
    polling.emit_with_ack("join", json!([["red"]])).await;
    socket.ask_error("join", json!([42])).await;
    assert_eq!(ada.connect("/nowhere").refused().await.message, "Invalid namespace");
    assert_eq!(ada.get("/greeting").await.status, 200);
    assert_eq!(ada.get("/nowhere").await.status, 404);
    shows(&probe, SERVED).await;
    socket.disconnect().await;
    shows(&probe, LEFT).await;
}

async fn what_goes_through_connections_is_counted(world: World) {
    let probe = world.probe().await;
    let before = probe.metrics().await;
    let socket = probe.client("ada").await.connect("/limits").await;
    assert_eq!(socket.emit_with_ack("length", json!(["x".repeat(50_000)])).await, json!([50_000]));
    let after = probe.metrics().await;
    let grown = |name| after.sum(name, &[]) - before.sum(name, &[]);
    assert!((50_000.0..60_000.0).contains(&grown("lambdio_network_received_bytes_total")), "{}", after.text());
    assert!((100.0..10_000.0).contains(&grown("lambdio_network_sent_bytes_total")), "{}", after.text());
    assert!(after.sum("lambdio_unsent_bytes", &[]) < 1_000.0, "{}", after.text());
    shows(&probe, OPEN).await;
    socket.close().await;
    shows(&probe, &[("lambdio_sessions", &[("transport", "websocket")], Exactly(0.0))]).await;
}

const OPEN: &[Row] = &[
    ("lambdio_network_connections", &[], AtLeast(1.0)),
    ("lambdio_network_received_bytes_total", &[], AtLeast(50_000.0)),
    ("lambdio_network_sent_bytes_total", &[], AtLeast(100.0)),
];

const WAITING: &[Row] = &[
    ("lambdio_events_waiting", &[], Exactly(1.0)),
    ("lambdio_queued_bytes", &[], AtLeast(20_000.0)),
    ("lambdio_invocations_in_flight", &[], Exactly(1.0)),
];

const DONE: &[Row] = &[
    ("lambdio_events_waiting", &[], Exactly(0.0)),
    ("lambdio_queued_bytes", &[], Exactly(0.0)),
    ("lambdio_invocations_in_flight", &[], Exactly(0.0)),
];

async fn an_event_that_waits_is_counted_with_its_payload(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/limits").await;
    ada.emit("wait", json!([1])).await;
    ada.emit("length", json!(["x".repeat(20_000)])).await;
    shows(&probe, WAITING).await;
    limits::open(&probe, 1).await;
    shows(&probe, DONE).await;
}

const MEASURED: &[Row] = &[
    ("lambdio_event_queue_seconds_count", &[LOGS, WAIT], Exactly(2.0)),
    ("lambdio_event_queue_seconds_sum", &[LOGS, WAIT], AtLeast(0.25)),
    ("lambdio_event_queue_seconds_bucket", &[LOGS, WAIT, ("le", "0.25")], AtMost(1.0)),
    ("lambdio_event_duration_seconds_count", &[LOGS, WAIT], Exactly(2.0)),
    ("lambdio_event_duration_seconds_sum", &[LOGS, WAIT], AtLeast(0.6)),
    ("lambdio_event_duration_seconds_bucket", &[LOGS, WAIT, ("le", "0.5")], AtMost(1.0)),
    ("lambdio_http_requests_total", &[NEVER, ("status", "5xx")], Exactly(1.0)),
    ("lambdio_http_request_duration_seconds_count", &[NEVER], Exactly(1.0)),
    ("lambdio_http_request_duration_seconds_sum", &[NEVER], AtLeast(0.1)),
    ("lambdio_http_request_duration_seconds_bucket", &[NEVER, ("le", "0.05")], Exactly(0.0)),
    ("lambdio_route_requests_total", &[NEVER, ("outcome", "timeout")], Exactly(1.0)),
    ("lambdio_route_queue_seconds_count", &[NEVER], Exactly(1.0)),
];
const LOGS: (&str, &str) = ("namespace", "/logs");
const WAIT: (&str, &str) = ("event", "wait");
const NEVER: (&str, &str) = ("route", "/limits/never");

async fn how_long_events_and_requests_wait_and_run_is_measured(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    // in one go, so that the second one waits for the first, by far more than the row asks for
    ada.connect("/logs").await.burst("wait", vec![json!([600]), json!([0])]).await;
    assert_eq!(ada.post("/limits/never", json!({})).await.status, 504, "after 100 ms");
    shows(&probe, MEASURED).await;
}

const UNSENT: &[Row] = &[
    ("lambdio_unsent_bytes", &[], AtLeast(50_000.0)),
    ("lambdio_unsent_largest_bytes", &[], AtLeast(50_000.0)),
    ("lambdio_evictions_total", &[LIMITED, SLOW], Exactly(0.0)),
];

const PUT_OUT: &[Row] = &[
    ("lambdio_evictions_total", &[LIMITED, SLOW], Exactly(1.0)),
    ("lambdio_disconnects_total", &[LIMITED, SLOW], Exactly(1.0)),
    ("lambdio_unsent_bytes", &[], Exactly(0.0)),
    ("lambdio_unsent_largest_bytes", &[], Exactly(0.0)),
];
const LIMITED: (&str, &str) = ("namespace", "/limits");
const SLOW: (&str, &str) = ("reason", "slow consumer");

async fn clients_that_are_put_out_as_they_do_not_read_are_counted(world: World) {
    let probe = world.probe().set("socketio.max_unsent_size=100kB").await;
    let eve = probe.client("eve").await;
    let opened = eve.get("/socket.io/?EIO=4&transport=polling").await;
    let session: Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
    // she sends, and never asks for what she is sent
    for packet in ["40/limits,", "42/limits,[\"burst\",{\"count\":50,\"size\":1000}]"] {
        assert_eq!(eve.request("POST", &path).body(packet).await.status, 200);
    }
    shows(&probe, UNSENT).await;
    let more = "42/limits,[\"burst\",{\"count\":100,\"size\":1000}]";
    assert_eq!(eve.request("POST", &path).body(more).await.status, 200);
    shows(&probe, PUT_OUT).await;
}

const ACKNOWLEDGED: &[Row] = &[
    ("lambdio_acks_total", &[("outcome", "ok")], Exactly(1.0)),
    ("lambdio_acks_total", &[("outcome", "misfit")], Exactly(1.0)),
    ("lambdio_acks_total", &[("outcome", "timeout")], Exactly(1.0)),
    ("lambdio_acks_total", &[("outcome", "disconnected")], Exactly(1.0)),
    ("lambdio_acks_total", &[("outcome", "unsent")], Exactly(1.0)),
];

async fn acknowledgements_of_clients_are_counted_by_their_outcomes(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/sending").await;
    for (answer, timeout_ms, outcome) in [
        (json!(["yes"]), 9_000, json!({ "with": "yes" })),
        (json!([7]), 9_000, json!("misfit")),
        (Value::Null, 50, json!("timeout")),
    ] {
        ada.answer("question", answer).await;
        assert_eq!(ada.ask("ask_me", json!([{ "timeout_ms": timeout_ms }])).await, outcome);
    }
    // she leaves while she is asked, and before she is asked once more
    for _ in 0..2 {
        ada.emit("ask_me", json!([{ "timeout_ms": 9_000 }])).await;
    }
    eventually("she is asked", async || {
        let seen = ada.events_seen().await;
        (seen.iter().filter(|seen| seen.event == "question").count() == 4).then_some(())
    })
    .await;
    shows(&probe, &[("lambdio_events_waiting", &[], Exactly(1.0))]).await;
    ada.disconnect().await;
    shows(&probe, ACKNOWLEDGED).await;
}

const NO_ROOM: &[Row] = &[("lambdio_network_refused_total", &[("reason", "max_connections")], Exactly(1.0))];

const NO_ROOM_FOR_ONE: &[Row] =
    &[("lambdio_network_refused_total", &[("reason", "max_connections_per_address")], Exactly(1.0))];

async fn connections_that_find_no_room_are_counted(world: World) {
    for (key, refused) in [("server.max_connections", NO_ROOM), ("server.max_connections_per_address", NO_ROOM_FOR_ONE)]
    {
        let probe = world.probe().set(&format!("{key}=1")).await;
        let kept = tcp(&probe).await;
        shows(&probe, &[("lambdio_network_connections", &[], Exactly(1.0))]).await;
        assert_eq!(until_closed(&mut tcp(&probe).await).await, "", "closed at once");
        shows(&probe, refused).await;
        shows(&probe, &[("lambdio_network_refused_total", &[], Exactly(1.0))]).await;
        drop(kept);
        shows(&probe, &[("lambdio_network_connections", &[], Exactly(0.0))]).await;
    }
}

const NO_HANDSHAKE: &[Row] = &[
    ("lambdio_network_refused_total", &[("reason", "tls")], Exactly(1.0)),
    ("lambdio_network_refused_total", &[("reason", "tls_timeout")], Exactly(1.0)),
    ("lambdio_network_refused_total", &[], Exactly(2.0)),
];

async fn tls_handshakes_that_come_to_nothing_are_counted(world: World) {
    let probe = with_tls(world.probe(), &Certificate::new()).set("server.header_timeout=2s").await;
    let mut plain = tcp(&probe).await;
    plain.write_all(b"GET /greeting HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("the server reads");
    until_closed(&mut plain).await;
    // and one that says nothing
    until_closed(&mut tcp(&probe).await).await;
    shows(&probe, NO_HANDSHAKE).await;
}

const FEW_DESCRIPTORS: &[Row] =
    &[("process_max_fds", &[], Exactly(64.0)), ("lambdio_network_accept_errors_total", &[], Exactly(0.0))];

const NOT_ACCEPTED: &[Row] = &[("lambdio_network_accept_errors_total", &[], AtLeast(1.0))];

async fn connections_that_cannot_be_accepted_are_counted(world: World) {
    let probe = world.probe().limit_of_files(64).await;
    shows(&probe, FEW_DESCRIPTORS).await;
    let exhausting = exhaust(&probe).await;
    probe.log_contains("no connection can be accepted").await;
    // who looks needs a descriptor as well
    drop(exhausting);
    shows(&probe, NOT_ACCEPTED).await;
}

const LIMITS: &[Row] = &[
    ("lambdio_network_connections_limit", &[], Exactly(500.0)),
    ("lambdio_invocations_limit", &[], Exactly(77.0)),
    ("lambdio_queued_limit_bytes", &[], Exactly(134_217_728.0)),
    ("lambdio_unsent_limit_bytes", &[], Exactly(268_435_456.0)),
];

const OTHER_LIMITS: &[Row] = &[
    ("lambdio_network_connections_limit", &[], Exactly(501.0)),
    ("lambdio_invocations_limit", &[], Exactly(78.0)),
    ("lambdio_queued_limit_bytes", &[], Exactly(67_108_864.0)),
    ("lambdio_unsent_limit_bytes", &[], Exactly(33_554_432.0)),
];

async fn limits_are_shown_as_they_are_now(world: World) {
    let settings = |connections: u32, invocations: u32, queued: &str, unsent: &str| {
        format!(
            "server.max_connections = {connections}\nevents.max_in_flight = {invocations}\n\
             events.total_queue_size = \"{queued}\"\nsocketio.total_unsent_size = \"{unsent}\"\n"
        )
    };
    let probe = world.probe().file("config/local.toml", &settings(500, 77, "128MiB", "256MiB")).await;
    shows(&probe, LIMITS).await;
    probe.reload(&settings(501, 78, "64MiB", "32MiB")).await;
    shows(&probe, OTHER_LIMITS).await;
}

const RELOADED: &[Row] = &[
    ("lambdio_config_reloads_total", &[("outcome", "changed")], Exactly(1.0)),
    ("lambdio_config_reloads_total", &[("outcome", "unchanged")], Exactly(1.0)),
    ("lambdio_config_reloads_total", &[("outcome", "refused")], Exactly(1.0)),
    (READ_AT, &[], AtLeast(1_600_000_000.0)),
];
const READ_AT: &str = "lambdio_config_last_reload_success_timestamp_seconds";

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later").as_secs_f64()
}

async fn reloads_are_counted_by_their_outcomes(world: World) {
    let before = now();
    let probe = world.probe().await;
    let read_at = async || probe.metrics().await.sum(READ_AT, &[]);
    let at_start = read_at().await;
    assert!((before..=now()).contains(&at_start), "{at_start} is not since {before}");
    probe.reload("events.timeout = \"9s\"").await;
    let changed = read_at().await;
    assert!(changed > at_start, "{changed} is not after {at_start}");
    probe.hang_up().await;
    let unchanged = read_at().await;
    assert!(unchanged > changed, "{unchanged} is not after {changed}");
    probe.reload_refused("events.timeut = \"1s\"").await;
    shows(&probe, RELOADED).await;
    let refused = read_at().await;
    assert!((refused - unchanged).abs() < 0.001, "{refused} is another time than {unchanged}");
}

const READY: &[Row] = &[("lambdio_ready", &[("part", "server")], Exactly(1.0))];

const STOPPING: &[Row] =
    &[("lambdio_ready", &[("part", "server")], Exactly(0.0)), ("lambdio_invocations_in_flight", &[], Exactly(1.0))];

async fn a_server_that_stops_is_shown_as_not_ready(world: World) {
    let mut probe = world.probe().await;
    shows(&probe, READY).await;
    probe.client("ada").await.connect("/limits").await.emit("wait", json!([1])).await;
    shows(&probe, &[("lambdio_invocations_in_flight", &[], Exactly(1.0))]).await;
    probe.signal(Signal::TERM);
    shows(&probe, STOPPING).await;
    probe.signal(Signal::TERM);
    assert!(probe.wait_exit().await.is_some());
}

const PROCESS: &[Row] = &[
    ("process_cpu_seconds_total", &[], AtLeast(0.01)),
    ("process_resident_memory_bytes", &[], AtLeast(1_000_000.0)),
    ("process_virtual_memory_bytes", &[], AtLeast(1_000_000.0)),
    ("process_open_fds", &[], AtLeast(3.0)),
    ("process_max_fds", &[], AtLeast(64.0)),
    ("process_threads", &[], AtLeast(2.0)),
    (STARTED_AT, &[], AtLeast(1_600_000_000.0)),
    ("lambdio_build_info", &[("version", env!("CARGO_PKG_VERSION"))], Exactly(1.0)),
    ("lambdio_runtime_workers", &[], AtLeast(1.0)),
    ("lambdio_runtime_tasks", &[], AtLeast(1.0)),
];
const STARTED_AT: &str = "process_start_time_seconds";

/// Waits until a series is above a value.
async fn rises(server: &Server, name: &str, above: f64) {
    let risen = async || (server.metrics().await.sum(name, &[]) > above).then_some(());
    eventually(&format!("{name} is above {above}"), risen).await;
}

async fn the_process_is_measured(world: World) {
    let before = now();
    let probe = world.probe().await;
    shows(&probe, PROCESS).await;
    let metrics = probe.metrics().await;
    let seen = |name| metrics.sum(name, &[]);
    // the kernel knows when it began itself to the second
    let started = seen(STARTED_AT);
    assert!((before - 5.0..=now() + 5.0).contains(&started), "{started} is not since {before}");
    assert!(seen("process_virtual_memory_bytes") > seen("process_resident_memory_bytes"), "{}", metrics.text());
    assert!(seen("process_max_fds") > seen("process_open_fds"), "{}", metrics.text());
    let held = join_all((0..20).map(|_| tcp(&probe))).await;
    rises(&probe, "process_open_fds", seen("process_open_fds") + 10.0).await;
    drop(held);
    // looking at it costs time
    rises(&probe, "process_cpu_seconds_total", seen("process_cpu_seconds_total")).await;
}

const SENT: &[Row] = &[("lambdio_trace_spans_total", &[("outcome", "sent")], AtLeast(1.0))];

async fn spans_that_were_sent_are_counted(world: World) {
    let collector = Collector::start().await;
    let server = world.example("traced").set(&format!("otlp.endpoint={}", collector.url())).await;
    server.client("ada").await.get("/items/1").await;
    shows(&server, SENT).await;
}

const HEARD: &[Row] = &[("lambdio_log_lines_lost_total", &[], Exactly(0.0))];

const LOST: &[Row] = &[("lambdio_log_lines_lost_total", &[], AtLeast(1.0))];

async fn lines_of_the_log_that_are_lost_are_counted(world: World) {
    shows(&world.probe().await, HEARD).await;
    let unheard = world.probe().with_closed_log().await;
    unheard.client("ada").await.get("/logs/say").await;
    shows(&unheard, LOST).await;
    // more than a pipe holds and may wait besides
    let unread = world.probe().with_unread_log().set("events.queue_size=2MiB").await;
    let socket = unread.client("ada").await.connect("/logs").await;
    let long = "x".repeat(10_000);
    for _ in 0..1_000 {
        socket.ask("say", json!([long])).await;
    }
    shows(&unread, LOST).await;
}
