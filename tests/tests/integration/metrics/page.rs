//! The page itself: what is on it, and where it is shown.

use super::{
    metric_of,
    rows::{Is::Exactly, shows},
};
use lambdio::metrics::{CATALOGUE, Kind};
use lambdio_tests::{Metrics, PATIENCE, World, eventually, promtool, trials};
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
    every_metric_is_described_and_every_description_has_a_metric,
    promtool_finds_nothing_to_say,
    clients_cannot_make_new_series,
    only_metrics_are_served_there,
    what_many_ask_for_at_once_all_get,
    who_says_nothing_keeps_nobody_from_the_metrics,
    a_port_in_use_is_told_with_the_key_that_changes_it,
    the_port_of_the_server_is_not_that_of_the_metrics,
    without_metrics_there_is_no_second_listener,
    another_address_than_loopback_is_warned_of,
    a_program_with_a_recorder_of_its_own_keeps_it,
];

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

/// What a server that has done much of everything shows.
async fn after_much(world: &World) -> Metrics {
    let members = world.members().await;
    let (ada, _) = members.registered("ada").await;
    ada.post("/auth/login", json!({"name": "ada", "password": lambdio_tests::PASSWORD})).await;
    let socket = ada.connect("/members").await;
    socket.emit_with_ack("who_am_i", json!([])).await;
    socket.disconnect().await;
    members.hang_up().await;
    shows(&members, &[("lambdio_connections", &[("namespace", "/members")], Exactly(0.0))]).await;
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
    for series in metrics.series() {
        let metric = metric_of(&series.name).unwrap_or_else(|| panic!("{series:?} is of no metric"));
        let has: BTreeSet<_> = series.labels.keys().map(String::as_str).filter(|label| *label != "le").collect();
        let labels: BTreeSet<_> = metric.labels.iter().copied().collect();
        assert_eq!(has, labels, "{series:?}");
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

async fn who_says_nothing_keeps_nobody_from_the_metrics(world: World) {
    let probe = world.probe().await;
    let address = probe.metrics_address().await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(&address).await.expect("a connection"));
    }
    for path in ["/metrics", "/health/ready"] {
        let answer = answer(&address, &get(path)).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    let told = probe.log_contains("there are 64 connections to the metrics").await;
    assert!(told.contains("WARN") && told.contains("the one that has waited longest is closed"), "{told}");
    let first = silent.first_mut().expect("there are some");
    assert_eq!(first.read(&mut [0]).await.unwrap_or_default(), 0, "the first made room");
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
