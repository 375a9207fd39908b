//! Limits that change while they are used.

use crate::limits;
use lambdio_tests::{Server, Socket, World, eventually, trials};
use serde_json::json;

trials![
    a_rate_that_stays_remembers_what_was_used_up_and_one_that_changes_begins_anew,
    more_invocations_may_run_while_some_do,
    fewer_invocations_may_run_once_those_that_do_have_ended,
    connections_that_are_here_stay_when_fewer_may_be,
];

async fn connect(probe: &Server, name: &str) -> Socket {
    probe.client(name).await.connect("/limits").await
}

async fn running(probe: &Server, count: u64) {
    let client = probe.client("watcher").await;
    eventually("so many run", async || (client.get("/limits/running").await.json == json!(count)).then_some(())).await;
}

async fn open(probe: &Server) {
    probe.client("watcher").await.post("/limits/open", json!({})).await;
}

async fn a_rate_that_stays_remembers_what_was_used_up_and_one_that_changes_begins_anew(world: World) {
    let limited = "[handlers.\"/limits\".length.rate_limit]\nper_socket = \"2/h\"\nper_address = \"3/h\"\n";
    let probe = world.probe().file("config/local.toml", limited).await;
    let (ada, bob) = (connect(&probe, "ada").await, connect(&probe, "bob").await);
    for _ in 0..2 {
        assert_eq!(ada.ask("length", json!(["x"])).await, json!(1));
    }
    probe.reload(&format!("events.timeout = \"9s\"\n{limited}")).await;
    assert_eq!(ada.ask_error("length", json!(["x"])).await.code, "rate_limited", "by the socket");
    assert_eq!(bob.ask("length", json!(["x"])).await, json!(1));
    assert_eq!(bob.ask_error("length", json!(["x"])).await.code, "rate_limited", "by the address");
    probe.reload(&limited.replace("3/h", "4/h")).await;
    assert_eq!(ada.ask_error("length", json!(["x"])).await.code, "rate_limited", "the socket's limit is the same");
    let eve = connect(&probe, "eve").await;
    assert_eq!(eve.ask("length", json!(["x"])).await, json!(1), "the address begins anew");
    probe.reload("").await;
    for _ in 0..9 {
        assert_eq!(ada.ask("length", json!(["x"])).await, json!(1));
    }
}

async fn more_invocations_may_run_while_some_do(world: World) {
    for (few, more) in [
        ("events.max_in_flight = 1", "events.max_in_flight = 3"),
        ("handlers.\"/limits\".wait_beside.max_in_flight = 1", "handlers.\"/limits\".wait_beside.max_in_flight = 3"),
        ("handlers.\"/limits\".wait_beside.max_in_flight = 1", ""),
    ] {
        let probe = world.probe().file("config/local.toml", few).await;
        let ada = connect(&probe, "ada").await;
        for number in 0..3 {
            ada.emit("wait_beside", json!([number])).await;
        }
        running(&probe, 1).await;
        probe.reload(more).await;
        running(&probe, 3).await;
        open(&probe).await;
        running(&probe, 0).await;
    }
}

async fn fewer_invocations_may_run_once_those_that_do_have_ended(world: World) {
    for key in ["events.max_in_flight", "handlers.\"/limits\".wait_beside.max_in_flight"] {
        let probe = world.probe().file("config/local.toml", &format!("{key} = 3")).await;
        let ada = connect(&probe, "ada").await;
        for number in 0..5 {
            ada.emit("wait_beside", json!([number])).await;
        }
        running(&probe, 3).await;
        probe.reload(&format!("{key} = 1")).await;
        running(&probe, 3).await;
        assert_eq!(limits::open(&probe, 3).await.len(), 3);
        // two are left
        for _ in 0..2 {
            running(&probe, 1).await;
            assert_eq!(limits::open(&probe, 1).await.len(), 1);
        }
        running(&probe, 0).await;
    }
}

async fn connections_that_are_here_stay_when_fewer_may_be(world: World) {
    let probe = world.probe().await;
    let (ada, bob) = (connect(&probe, "ada").await, connect(&probe, "bob").await);
    probe.reload("socketio.max_rooms = 1\nserver.max_connections_per_address = 1").await;
    assert_eq!(ada.ask("join", json!([["a"]])).await, json!(1));
    assert_eq!(ada.ask_error("join", json!([["b"]])).await.code, "overloaded");
    assert_eq!(bob.ask("length", json!(["x"])).await, json!(1));
    let one_more = probe.client("eve").await.connect("/limits").refused().await;
    assert!(!one_more.message.is_empty());
    probe.reload("").await;
    connect(&probe, "eve").await;
}
