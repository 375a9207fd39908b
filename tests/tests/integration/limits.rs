//! What is too much has a name, and harms nobody else.

use lambdio_tests::{Server, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};

trials![
    later_events_need_not_wait_for_a_concurrent_one,
    a_handler_is_made_concurrent_in_toml,
    so_many_events_of_a_socket_run_at_the_same_time,
    the_disconnect_handler_waits_for_what_runs_beside,
    so_many_invocations_of_a_handler_run_at_the_same_time,
    an_event_that_finds_no_slot_in_time_is_a_timeout,
    a_large_payload_is_told_and_the_connection_goes_on,
    a_long_name_is_told_and_not_repeated,
    all_queues_together_have_a_limit,
    a_socket_that_sends_too_often_is_told_when_to_try_again,
    sockets_of_one_address_share_a_limit,
    a_client_that_connects_too_often_is_refused,
    a_socket_is_in_so_many_rooms,
];

async fn connect(probe: &Server, name: &str) -> Socket {
    probe.client(name).await.connect("/limits").await
}

/// Lets everybody go who waits, once there are so many. Says who they were.
pub async fn open(probe: &Server, waiting: usize) -> Vec<Value> {
    let client = probe.client("opener").await;
    let mut all = Vec::new();
    eventually("so many wait", async || {
        let opened = client.post("/limits/open", json!({})).await.json;
        all.extend(opened.as_array().cloned().unwrap_or_default());
        (all.len() >= waiting).then_some(())
    })
    .await;
    all
}

async fn later_events_need_not_wait_for_a_concurrent_one(world: World) {
    let probe = world.probe().await;
    let ada = connect(&probe, "ada").await;
    for number in 0..3 {
        ada.emit("wait_beside", json!([number])).await;
    }
    assert_eq!(ada.ask("length", json!(["still served"])).await, json!(12));
    assert_eq!(open(&probe, 3).await.len(), 3);
}

async fn a_handler_is_made_concurrent_in_toml(world: World) {
    let probe = world.probe().set("handlers.\"/limits\".wait.concurrent=true").await;
    let ada = connect(&probe, "ada").await;
    ada.emit("wait", json!([1])).await;
    assert_eq!(ada.ask("length", json!(["still served"])).await, json!(12));
    let probe = world.probe().set("handlers.\"/limits\".wait_beside.concurrent=false").await;
    let bob = connect(&probe, "bob").await;
    bob.emit("wait_beside", json!([1])).await;
    bob.emit("wait_beside", json!([2])).await;
    assert_eq!(open(&probe, 1).await, [json!(1)], "the second one waits for the first");
    assert_eq!(open(&probe, 1).await, [json!(2)]);
}

async fn so_many_events_of_a_socket_run_at_the_same_time(world: World) {
    let probe = world.probe().set("events.max_parallel_invocations=3").await;
    let ada = connect(&probe, "ada").await;
    for number in 0..5 {
        ada.emit("wait", json!([number])).await;
    }
    let running = async || (probe.client("ada").await.get("/limits/running").await.json == 3).then_some(());
    eventually("three run", running).await;
    let mut began = open(&probe, 5).await;
    began.sort_by_key(Value::as_u64);
    assert_eq!(json!(began), json!([0, 1, 2, 3, 4]));
    assert_eq!(ada.ask("most", json!([])).await, json!(3));
}

async fn the_disconnect_handler_waits_for_what_runs_beside(world: World) {
    let probe = world.probe().set("events.max_parallel_invocations=8").await;
    let client = probe.client("ada").await;
    let ada = client.connect("/life").query(json!({"client": "ada"})).await;
    assert_eq!(ada.ask("hello", json!([])).await, json!("ada"), "it has arrived");
    for number in 0..20 {
        ada.emit("work", json!([number])).await;
    }
    ada.disconnect().await;
    let entries = eventually("the disconnect handler has run", async || {
        let entries = client.get("/life/journal").await.json;
        let entries: Vec<String> =
            entries.as_array().into_iter().flatten().map(|entry| entry["what"].to_string()).collect();
        (entries.len() >= 22).then_some(entries)
    })
    .await;
    assert_eq!(entries.first().map(String::as_str), Some("\"arrived\""));
    assert_eq!(entries.last().map(String::as_str), Some("\"left: client namespace disconnect\""), "{entries:?}");
}

async fn so_many_invocations_of_a_handler_run_at_the_same_time(world: World) {
    let probe = world.probe().await;
    let mut sockets = Vec::new();
    for name in ["ada", "bob", "eve"] {
        sockets.push(connect(&probe, name).await);
    }
    for socket in &sockets {
        let acks = socket.burst("two_at_a_time", (0..10).map(|_| json!([])).collect()).await;
        assert!(acks.iter().all(|(_, ack)| ack == &json!([null])), "{acks:?}");
    }
    assert_eq!(sockets[0].ask("most", json!([])).await, json!(2));
}

async fn an_event_that_finds_no_slot_in_time_is_a_timeout(world: World) {
    let probe = world.probe().set("events.max_in_flight=1").set("handlers.\"/limits\".length.timeout=1s").await;
    let (ada, bob) = (connect(&probe, "ada").await, connect(&probe, "bob").await);
    ada.emit("wait", json!([1])).await;
    // sent once the first one has the only slot: the same socket's order says when that is
    eventually("the slot is taken", async || {
        let error = bob.ask("length", json!(["x"])).await;
        (error["error"]["code"] == "timeout").then_some(())
    })
    .await;
    open(&probe, 1).await;
    assert_eq!(bob.ask("length", json!(["x"])).await, json!(1));
}

async fn a_large_payload_is_told_and_the_connection_goes_on(world: World) {
    let probe = world.probe().set("handlers.\"/payloads\".text.max_payload_size=1kB").await;
    for transport in Transport::BOTH {
        let ada = probe.client("ada").await.connect("/limits").over(transport).await;
        let error = ada.ask_error("length", json!(["x".repeat(66_000)])).await;
        assert_eq!(error.code, "payload_too_large");
        assert_eq!(error.message, "the event is larger than 65536 bytes");
        assert_eq!(ada.ask("length", json!(["x".repeat(65_000)])).await, json!(65_000), "over {transport:?}");
        assert_eq!(ada.ask_error("short", json!(["x".repeat(100)])).await.code, "payload_too_large");
        assert_eq!(ada.ask("short", json!(["x".repeat(80)])).await, json!(80));
        // attachments count
        assert_eq!(ada.ask_error("short", json!([Socket::binary(&[0; 100])])).await.code, "payload_too_large");
    }
    let bob = probe.client("bob").await.connect("/payloads").await;
    assert_eq!(bob.ask_error("text", json!(["x".repeat(1_000)])).await.code, "payload_too_large");
    assert_eq!(bob.ask("text", json!(["short"])).await, json!("short"));
}

async fn a_long_name_is_told_and_not_repeated(world: World) {
    let probe = world.probe().await;
    let ada = connect(&probe, "ada").await;
    let name = "n".repeat(50_000);
    assert_eq!(ada.ask_error(&name, json!([])).await.code, "payload_too_large");
    ada.emit(&name, json!([])).await;
    let (event, error) = ada.next_exception().await;
    assert_eq!((event, error.code.as_str()), (json!("n".repeat(256)), "payload_too_large"));
}

async fn all_queues_together_have_a_limit(world: World) {
    let probe = world
        .probe()
        .set("socketio.max_message_size=64kB")
        .set("events.queue_size=64kB")
        .set("events.total_queue_size=64kB")
        .await;
    let (ada, bob) = (connect(&probe, "ada").await, connect(&probe, "bob").await);
    ada.emit("wait", json!([1])).await;
    ada.emit("length", json!(["x".repeat(60_000)])).await;
    // Ada's second event waits behind the first: the server has it once it refuses a third one of her own
    eventually("her event waits", async || {
        let answer = bob.ask("length", json!(["x".repeat(10_000)])).await;
        (answer["error"]["code"] == "overloaded").then_some(())
    })
    .await;
    assert_eq!(bob.ask("length", json!(["short"])).await, json!(5), "there is room for small ones");
    open(&probe, 1).await;
    eventually("there is room again", async || {
        (bob.ask("length", json!(["x".repeat(10_000)])).await == json!(10_000)).then_some(())
    })
    .await;
}

async fn a_socket_that_sends_too_often_is_told_when_to_try_again(world: World) {
    let probe = world.probe().set("handlers.\"/limits\".length.rate_limit.per_socket=3/h").await;
    for transport in Transport::BOTH {
        let ada = probe.client("ada").await.connect("/limits").over(transport).await;
        for _ in 0..3 {
            assert_eq!(ada.ask("length", json!(["x"])).await, json!(1));
        }
        let error = ada.ask_error("length", json!(["x"])).await;
        assert_eq!(error.code, "rate_limited");
        let after = error.retry_after_ms.expect("it says when");
        assert!((1_000_000..=1_200_000).contains(&after), "{after}");
        ada.emit("length", json!(["x"])).await;
        assert_eq!(ada.next_exception().await.1.code, "rate_limited");
        assert_eq!(ada.ask("most", json!([])).await, json!(0), "other events are served");
    }
}

async fn sockets_of_one_address_share_a_limit(world: World) {
    let probe = world.probe().set("events.rate_limit.per_address=4/h").await;
    let (ada, bob) = (connect(&probe, "ada").await, connect(&probe, "bob").await);
    for _ in 0..2 {
        assert_eq!(ada.ask("length", json!(["x"])).await, json!(1));
        assert_eq!(bob.ask("length", json!(["x"])).await, json!(1));
    }
    assert_eq!(ada.ask_error("length", json!(["x"])).await.code, "rate_limited");
    assert_eq!(bob.ask_error("length", json!(["x"])).await.code, "rate_limited");
    // each event has a limit of its own, and all that nobody serves have one together
    assert_eq!(bob.ask("most", json!([])).await, json!(0));
    for number in 0..4 {
        assert_eq!(ada.ask_error(&format!("unknown_{number}"), json!([])).await.code, "unknown_event");
    }
    assert_eq!(bob.ask_error("unknown", json!([])).await.code, "rate_limited");
}

async fn a_client_that_connects_too_often_is_refused(world: World) {
    let probe = world.probe().set("socketio.connect_rate_limit.per_address=2/h").await;
    let client = probe.client("ada").await;
    for _ in 0..2 {
        client.connect("/limits").await.close().await;
    }
    assert_eq!(client.connect("/limits").refused().await.message, "rate_limited");
    // each namespace has its own
    client.connect("/life").await;
}

async fn a_socket_is_in_so_many_rooms(world: World) {
    let probe = world.probe().set("socketio.max_rooms=3").await;
    let ada = connect(&probe, "ada").await;
    assert_eq!(ada.ask("join", json!([["a", "b"]])).await, json!(2));
    assert_eq!(ada.ask_error("join", json!([["c", "d"]])).await.code, "overloaded");
    assert_eq!(ada.ask("join", json!([["a", "b", "c"]])).await, json!(3), "those it is in already count once");
    assert_eq!(ada.ask_error("join", json!([["r".repeat(257)]])).await.code, "invalid_payload");
}
