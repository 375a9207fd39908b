//! New settings for a server at work.

use lambdio_tests::{World, eventually, trials};
use serde_json::json;

trials![
    a_timeout_changes,
    a_wrong_file_changes_nothing_and_a_later_right_one_does,
    a_key_that_needs_a_restart_is_said_and_the_rest_takes_effect,
    what_would_keep_the_next_start_from_succeeding_changes_nothing,
];

async fn a_timeout_changes(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/limits").await;
    let reload = probe.reload("events.timeout = \"100ms\"").await;
    assert_eq!(reload.changed(), ["events.timeout: \"10s\" -> \"100ms\""]);
    assert_eq!(ada.ask_error("wait", json!([1])).await.code, "timeout");
    // a handler's own wins, and what is not written any more is the default again
    let reload = probe.reload("handlers.\"/limits\".length.timeout = \"5s\"").await;
    assert_eq!(
        reload.changed(),
        ["events.timeout: \"100ms\" -> \"10s\"", "handlers.\"/limits\".length.timeout: (none) -> \"5s\""]
    );
    ada.emit("wait_beside", json!([2])).await;
    eventually("it waits", async || (ada.ask("running", json!([])).await == json!(1)).then_some(())).await;
    assert_eq!(ada.ask("open", json!([])).await, json!([1, 2]));
    assert!(probe.hang_up().await.changed().is_empty());
}

async fn a_wrong_file_changes_nothing_and_a_later_right_one_does(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/limits").await;
    let why = probe
        .reload_refused("events.max_payload_size = \"100B\"\nevents.timeut = \"1s\"\nsocketio.ping_timeout = 5\n")
        .await;
    assert!(why.contains("not reloaded: configuration: 2 problems"), "{why}");
    assert!(why.contains("config/local.toml:2: events.timeut: unknown key; did you mean events.timeout?"), "{why}");
    assert!(why.contains("config/local.toml:3: socketio.ping_timeout: expected"), "{why}");
    assert_eq!(ada.ask("length", json!(["x".repeat(1000)])).await, json!(1000));
    // a handler that is not there is found as at start
    let why = probe.reload_refused("handlers.\"/limits\".lenght.enabled = false").await;
    assert!(why.contains("config/local.toml:1: handlers.\"/limits\".lenght: no handler serves this event"), "{why}");
    probe.reload("events.max_payload_size = \"100B\"").await;
    assert_eq!(ada.ask_error("length", json!(["x".repeat(1000)])).await.code, "payload_too_large");
}

async fn a_key_that_needs_a_restart_is_said_and_the_rest_takes_effect(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/limits").await;
    let text =
        "socketio.max_message_size = \"500kB\"\nevents.max_payload_size = \"100B\"\n[app.probe]\ngreeting = \"hi\"";
    let reload = probe.reload(text).await;
    assert_eq!(reload.changed(), ["events.max_payload_size: \"64KiB\" -> \"100B\""]);
    let waiting = ["app.probe.greeting", "socketio.max_message_size: \"1MiB\" -> \"500KB\""];
    assert_eq!(reload.needs_restart(), waiting);
    assert_eq!(ada.ask_error("length", json!(["x".repeat(1000)])).await.code, "payload_too_large");
    let again = probe.hang_up().await;
    assert_eq!(
        (again.changed().len(), again.needs_restart()),
        (0, waiting.map(str::to_owned).to_vec()),
        "it is still so"
    );
    assert!(probe.reload("").await.needs_restart().is_empty());
}

async fn what_would_keep_the_next_start_from_succeeding_changes_nothing(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/limits").await;
    for (waiting, part) in [
        // RFC 5737: for documentation, nobody's
        (
            "[server]\nallow_insecure = true\nhost = \"198.51.100.1\"",
            "server.host: 198.51.100.1 is no address of this machine",
        ),
        ("[metrics]\nhost = \"203.0.113.1\"", "metrics.host: 203.0.113.1 is no address of this machine"),
        (
            "[server.tls]\ncert_file = \"none.pem\"\nkey_file = \"none.key\"",
            "server.tls.cert_file: none.pem cannot be read",
        ),
    ] {
        let why = probe.reload_refused(&format!("events.max_payload_size = \"100B\"\n{waiting}\n")).await;
        assert!(why.contains("not reloaded") && why.contains(part), "{part:?} is missing in: {why}");
        assert_eq!(ada.ask("length", json!(["x".repeat(1000)])).await, json!(1000));
    }
    let reload = probe.reload("events.max_payload_size = \"100B\"\n[server]\nmax_connections = 5\n").await;
    assert_eq!(reload.changed()[0], "events.max_payload_size: \"64KiB\" -> \"100B\"");
}
