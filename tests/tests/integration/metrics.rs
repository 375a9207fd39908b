//! What operators see at `/metrics`.

use lambdio::metrics::{CATALOGUE, Kind};
use lambdio_tests::{Metrics, PATIENCE, Server, Transport, World, eventually, promtool, trials};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    net::TcpListener,
    process::{Command, Stdio},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

trials![
    events_connections_and_requests_are_counted,
    what_goes_through_connections_is_counted,
    log_ins_and_the_database_are_counted,
    refused_connections_are_counted,
    acknowledgements_of_clients_are_counted,
    every_metric_is_described_and_every_description_has_a_metric,
    promtool_finds_nothing_to_say,
    clients_cannot_make_new_series,
    only_metrics_are_served_there,
    what_many_ask_for_at_once_all_get,
    a_port_in_use_is_told_with_the_key_that_changes_it,
    the_port_of_the_server_is_not_that_of_the_metrics,
    without_metrics_there_is_no_second_listener,
    another_address_than_loopback_is_warned_of,
    a_program_with_a_recorder_of_its_own_keeps_it,
];

/// Waits until a metric has a value.
async fn becomes(server: &Server, name: &str, labels: &[(&str, &str)], value: f64) {
    let what = format!("{name}{labels:?} is {value}");
    eventually(&what, async || {
        let seen = server.metrics().await.sum(name, labels);
        ((seen - value).abs() < 0.001).then_some(())
    })
    .await;
}

/// The answer to one request on a connection of its own.
async fn answer(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("the request is sent");
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer in time").expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

async fn events_connections_and_requests_are_counted(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/sending").await;
    let polling = probe.client("bob").await.connect("/sending").over(Transport::Polling).await;
    socket.emit_with_ack("join", json!([["red", "blue"]])).await;
    polling.emit_with_ack("join", json!([["red"]])).await;
    socket.ask_error("join", json!([42])).await;
    assert_eq!(ada.get("/greeting").await.status, 200);
    assert_eq!(ada.get("/nowhere").await.status, 404);
    let metrics = probe.metrics().await;
    let sending = ("namespace", "/sending");
    for (name, labels, value) in [
        ("lambdio_events_total", &[sending, ("event", "join"), ("outcome", "ok")][..], 2.0),
        ("lambdio_events_total", &[sending, ("event", "join"), ("outcome", "invalid_payload")], 1.0),
        ("lambdio_event_duration_seconds_count", &[sending, ("event", "join")], 3.0),
        ("lambdio_event_queue_seconds_bucket", &[sending, ("event", "join"), ("le", "+Inf")], 3.0),
        ("lambdio_connections", &[sending], 2.0),
        ("lambdio_connects_total", &[sending, ("outcome", "ok")], 2.0),
        ("lambdio_sessions", &[("transport", "websocket")], 1.0),
        ("lambdio_sessions", &[("transport", "polling")], 1.0),
        ("lambdio_rooms", &[sending], 2.0),
        ("lambdio_room_members", &[sending], 3.0),
        ("lambdio_invocations_in_flight", &[], 0.0),
        ("lambdio_invocations_limit", &[], 10_000.0),
        ("lambdio_http_requests_total", &[("method", "GET"), ("route", "/greeting"), ("status", "2xx")], 1.0),
        ("lambdio_http_requests_total", &[("method", "GET"), ("route", "(unknown)"), ("status", "4xx")], 1.0),
        ("lambdio_http_request_duration_seconds_count", &[("method", "GET"), ("route", "/greeting")], 1.0),
    ] {
        let seen = metrics.sum(name, labels);
        assert!((seen - value).abs() < 0.001, "{name}{labels:?} is {seen}, not {value}:\n{}", metrics.text());
    }
    assert!(metrics.sum("lambdio_http_requests_total", &[("route", "(socketio)"), ("status", "2xx")]) >= 3.0);
    socket.disconnect().await;
    becomes(&probe, "lambdio_connections", &[sending], 1.0).await;
    let left = [sending, ("reason", "client namespace disconnect")];
    becomes(&probe, "lambdio_disconnects_total", &left, 1.0).await;
    becomes(&probe, "lambdio_rooms", &[sending], 1.0).await;
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
    assert!(grown("lambdio_network_accepted_total") >= 1.0);
    assert!(after.sum("lambdio_network_connections", &[]) >= 1.0);
    assert!(after.sum("lambdio_unsent_bytes", &[]) < 1_000.0, "{}", after.text());
    socket.close().await;
    becomes(&probe, "lambdio_sessions", &[("transport", "websocket")], 0.0).await;
}

async fn log_ins_and_the_database_are_counted(world: World) {
    let members = world.members().await;
    let (ada, _) = members.registered("ada").await;
    let socket = ada.connect("/members").await;
    let bob = members.client("bob").await;
    bob.post("/auth/login", json!({"name": "ada", "password": "wrong horse"})).await;
    bob.post("/auth/login", json!({"name": "ada", "password": lambdio_tests::PASSWORD})).await;
    let metrics = members.metrics().await;
    let seen = |name, labels: &[(&str, &str)]| metrics.sum(name, labels);
    let is = |value: f64, expected: f64| (value - expected).abs() < 0.001;
    assert!(is(seen("lambdio_logins_total", &[("outcome", "ok")]), 1.0), "{}", metrics.text());
    assert!(is(seen("lambdio_logins_total", &[("outcome", "invalid_credentials")]), 1.0), "{}", metrics.text());
    assert!(is(seen("lambdio_logged_in_sockets", &[]), 1.0), "{}", metrics.text());
    assert!(is(seen("lambdio_password_hashes_total", &[]), 3.0), "{}", metrics.text());
    for command in ["find", "insert", "createIndexes"] {
        let labels = [("command", command)];
        assert!(seen("lambdio_mongodb_commands_total", &labels) >= 1.0, "{command}: {}", metrics.text());
        assert!(seen("lambdio_mongodb_command_duration_seconds_count", &labels) >= 1.0, "{command}");
    }
    assert!(seen("lambdio_mongodb_pool_connections", &[]) >= 1.0, "{}", metrics.text());
    becomes(&members, "lambdio_mongodb_pool_in_use", &[], 0.0).await;
    assert!(seen("lambdio_mongodb_pool_limit", &[]) >= 1.0);
    assert!(seen("lambdio_mongodb_pool_wait_seconds_count", &[]) >= 3.0);
    drop(socket);
}

async fn refused_connections_are_counted(world: World) {
    let probe = world.probe().set("server.max_connections=1").await;
    let kept = TcpStream::connect(probe.address()).await.expect("a connection");
    becomes(&probe, "lambdio_network_connections", &[], 1.0).await;
    let mut refused = TcpStream::connect(probe.address()).await.expect("a connection");
    // closed, or reset
    let _ = refused.read_u8().await;
    becomes(&probe, "lambdio_network_refused_total", &[("reason", "max_connections")], 1.0).await;
    drop(kept);
    becomes(&probe, "lambdio_network_connections", &[], 0.0).await;
}

async fn acknowledgements_of_clients_are_counted(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/sending").await;
    socket.answer("question", json!(["yes"])).await;
    let asked = socket.emit_with_ack("ask_me", json!([{"timeout_ms": 5_000}])).await;
    let metrics = probe.metrics().await;
    assert!(metrics.sum("lambdio_acks_total", &[("outcome", "ok")]) >= 1.0, "{asked}: {}", metrics.text());
}

/// What a server that has done much of everything shows.
async fn after_much(world: &World) -> Metrics {
    let members = world.members().await;
    let (ada, _) = members.registered("ada").await;
    ada.post("/auth/login", json!({"name": "ada", "password": lambdio_tests::PASSWORD})).await;
    let socket = ada.connect("/members").await;
    socket.emit_with_ack("who_am_i", json!([])).await;
    socket.disconnect().await;
    members.hang_up().await;
    becomes(&members, "lambdio_connections", &[("namespace", "/members")], 0.0).await;
    let metrics = members.metrics().await;
    drop(members);
    metrics
}

async fn every_metric_is_described_and_every_description_has_a_metric(world: World) {
    let metrics = after_much(&world).await;
    let kind = |kind| match kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram => "histogram",
    };
    let described: BTreeMap<_, _> =
        CATALOGUE.iter().map(|metric| (metric.name.to_owned(), kind(metric.kind).to_owned())).collect();
    assert_eq!(*metrics.kinds(), described);
    for metric in CATALOGUE {
        let help = format!("# HELP {} {}\n", metric.name, metric.help);
        assert!(metrics.text().contains(&help), "{help}");
    }
    let labels: BTreeMap<_, BTreeSet<_>> =
        CATALOGUE.iter().map(|metric| (metric.name, metric.labels.iter().copied().collect())).collect();
    for series in metrics.series() {
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|part| series.name.strip_suffix(part));
        let name = of_histogram.filter(|name| labels.contains_key(name)).unwrap_or(&series.name);
        let has: BTreeSet<_> = series.labels.keys().map(String::as_str).filter(|label| *label != "le").collect();
        assert_eq!(has, labels[name], "{series:?}");
    }
}

async fn promtool_finds_nothing_to_say(world: World) {
    let metrics = after_much(&world).await;
    let mut check = Command::new(promtool())
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool");
    check.stdin.take().expect("its input").write_all(metrics.text().as_bytes()).expect("it reads");
    let said = check.wait_with_output().expect("its end");
    let said = (said.status.success(), String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned());
    assert_eq!(said, (true, String::new()));
}

async fn clients_cannot_make_new_series(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/sending").await;
    let nonsense = async |number: usize| {
        socket.ask_error(&format!("nonsense{number}"), json!([])).await;
        for request in [
            get(&format!("/nowhere/{number}")),
            get(&format!("/socket.io/?transport=polling&sid={number}")),
            format!("MAKE{number} /greeting HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            format!(
                "GET /greeting HTTP/1.1\r\nHost: x\r\nOrigin: http://o{number}.example\r\nConnection: close\r\n\r\n"
            ),
            format!("POST /sending/room/{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        ] {
            assert!(answer(probe.address(), &request).await.starts_with("HTTP/1.1 "), "{request}");
        }
    };
    nonsense(0).await;
    let before = probe.metrics().await.series().len();
    for number in 1..20 {
        nonsense(number).await;
    }
    let metrics = probe.metrics().await;
    assert_eq!(metrics.series().len(), before, "{}", metrics.text());
    assert!(metrics.values_of("method").contains("other"), "{:?}", metrics.values_of("method"));
}

async fn only_metrics_are_served_there(world: World) {
    let probe = world.probe().await;
    let address = probe.metrics_address().await;
    let shown = answer(&address, &get("/metrics")).await;
    assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
    assert!(shown.contains("\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{shown}");
    let head = answer(&address, "HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    let packed = "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n";
    let packed = answer(&address, packed).await;
    assert!(packed.contains("content-encoding: gzip") && packed.len() < shown.len(), "{packed}");
    for path in ["/", "/greeting", "/metrics/x", "/socket.io/?EIO=4&transport=polling"] {
        assert!(answer(&address, &get(path)).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    let post = "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert!(answer(&address, post).await.starts_with("HTTP/1.1 405"));
    assert!(answer(probe.address(), &get("/metrics")).await.starts_with("HTTP/1.1 404"), "not where clients are");
}

async fn what_many_ask_for_at_once_all_get(world: World) {
    let probe = world.probe().await;
    let address = probe.metrics_address().await;
    let request = get("/metrics");
    let answers = futures_util::future::join_all((0..40).map(|_| answer(&address, &request))).await;
    assert!(answers.iter().all(|answer| answer.contains("lambdio_build_info")));
}

async fn a_port_in_use_is_told_with_the_key_that_changes_it(world: World) {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ended = world.probe().env("LAMBDIO__METRICS__PORT", &port).run().await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    for part in ["error: metrics.port: 127.0.0.1", &port, "in use", "LAMBDIO__METRICS__PORT", "metrics.enabled = false"]
    {
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
}

async fn the_port_of_the_server_is_not_that_of_the_metrics(world: World) {
    let ended = world.probe().set("server.port=4000").set("metrics.port=4000").run().await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("metrics.port: must be another port than server.port"), "{}", ended.stderr);
}

async fn without_metrics_there_is_no_second_listener(world: World) {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let probe = world.probe().set("metrics.enabled=false").env("LAMBDIO__METRICS__PORT", &port).await;
    assert_eq!(probe.client("ada").await.get("/greeting").await.status, 200);
    assert!(!probe.stdout().lines().iter().any(|line| line.starts_with("metrics")), "{:?}", probe.stdout().lines());
}

async fn another_address_than_loopback_is_warned_of(world: World) {
    let probe = world.probe().set("metrics.host=0.0.0.0").await;
    let line = probe.log_contains("metrics are shown on 0.0.0.0").await;
    assert!(
        line.contains("WARN") && line.contains("without a login") && line.contains("metrics.host (--set"),
        "{line}"
    );
}

async fn a_program_with_a_recorder_of_its_own_keeps_it(world: World) {
    let program = world.example("own_recorder").await;
    program.log_contains("recorder of its own").await;
    let client = program.client("ada").await;
    client.connect("/").await.emit_with_ack("ping", json!([])).await;
    eventually("its recorder has what was counted and what was looked up", async || {
        let names = client.get("/names").await.json;
        let names: Vec<&str> = names.as_array()?.iter().filter_map(serde_json::Value::as_str).collect();
        ["lambdio_events_total", "lambdio_runtime_workers"].iter().all(|name| names.contains(name)).then_some(())
    })
    .await;
    assert!(!program.stdout().lines().iter().any(|line| line.starts_with("metrics")));
}
