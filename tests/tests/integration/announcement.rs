//! What a person reads at start and at the end.

use lambdio_tests::{Program, Signal, World, eventually, trials};
use serde_json::{Value, json};
use std::time::Instant;

trials![
    the_start_says_what_there_is,
    the_start_of_a_small_program_is_short,
    what_is_unsafe_is_said,
    where_the_log_is_json_the_start_is_one_object,
    the_end_says_what_it_waits_for_and_how_long_it_took,
];

/// What the program prints at start, with what differs from run to run replaced.
async fn announced(world: &World, program: Program) -> String {
    let folder = program.folder().display().to_string();
    let server = program.await;
    // the last of what is said at once
    server.client("ada").await.get("/health/ready").await;
    let lines = server.stdout().lines().join("\n");
    let root = lambdio_tests::root().display().to_string();
    let metrics = server.metrics_address().await.trim_start_matches("http://").to_owned();
    let lines = lines
        .replace(&metrics, "METRICS")
        .replace(server.address(), "ADDRESS")
        .replace(&folder, "FOLDER")
        .replace(&root, "ROOT");
    lines.replace(env!("CARGO_PKG_VERSION"), "VERSION").replace(&world.database().await.name, "DATABASE")
}

async fn the_start_says_what_there_is(world: World) {
    insta::assert_snapshot!(announced(&world, world.documents()).await);
}

async fn the_start_of_a_small_program_is_short(world: World) {
    insta::assert_snapshot!(announced(&world, world.example("pages").set("health.public=false")).await);
}

async fn what_is_unsafe_is_said(world: World) {
    let program = world
        .example("journal")
        .with_database()
        .set("server.host=0.0.0.0")
        .set("server.allow_insecure=true")
        .set("metrics.host=0.0.0.0")
        .set("server.public_urls=[\"https://journal.example.org\"]")
        .set("server.trusted_proxies=[\"0.0.0.0/0\"]");
    let text = announced(&world, program).await;
    insta::assert_snapshot!(text);
}

async fn where_the_log_is_json_the_start_is_one_object(world: World) {
    let documents = world.documents().set("log.format=json").await;
    let lines = documents.stdout().lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let said: Value = serde_json::from_str(&lines[0]).expect("a JSON object");
    assert_eq!((&said["message"], &said["level"]), (&json!("serving"), &json!("INFO")));
    assert_eq!(said["address"], documents.url());
    assert!(said["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{said}");
    assert!(
        said["profile"].as_str().is_some_and(|profile| profile.starts_with("development config/default")),
        "{said}"
    );
    let handlers = said["handlers"].as_array().expect("a list");
    assert!(handlers[0].as_str().is_some_and(|line| line.ends_with("login required")), "{said}");
}

async fn the_end_says_what_it_waits_for_and_how_long_it_took(world: World) {
    let mut probe = world.probe().set("handlers.\"/limits\".wait.timeout=3s").await;
    let ada = probe.client("ada").await;
    let (busy, _other) = (ada.connect("/limits").await, ada.connect("/limits").await);
    busy.emit("wait", json!([1])).await;
    let running = async || (ada.get("/limits/running").await.json == 1).then_some(());
    eventually("a handler runs", running).await;
    let begun = Instant::now();
    probe.signal(Signal::TERM);
    let told = probe.log_contains("stopping").await;
    for part in ["running=1", "clients=2", "at most 10s", "server.shutdown_timeout", "a second signal stops at once"] {
        assert!(told.contains(part), "{part} is missing in: {told}");
    }
    assert_eq!(probe.wait_exit().await, Some(0));
    let took = begun.elapsed().as_secs_f64();
    let told = probe.log_contains("stopped after ").await;
    let seconds = told.rsplit("after ").next().and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
    assert!(seconds.is_some_and(|seconds| seconds > 0.0 && seconds <= took + 0.1), "{told}, and it took {took} s");
}
