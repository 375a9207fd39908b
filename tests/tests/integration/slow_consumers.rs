//! Everything that is sent arrives in order, or the client is disconnected.

use lambdio_tests::{Frame, Server, Signal, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};

trials![
    a_burst_reaches_a_healthy_client_whole,
    a_client_that_keeps_up_is_never_taken_for_a_slow_one,
    a_client_that_does_not_read_is_disconnected,
    a_polling_client_that_does_not_poll_is_disconnected,
    a_client_that_upgraded_and_stopped_is_disconnected,
    one_slow_member_of_a_room_costs_the_others_nothing,
    of_many_slow_clients_those_for_whom_most_waits_are_disconnected,
];

/// How many numbered events have come, which are all in order.
async fn ticks(socket: &Socket, event: &str) -> Vec<Value> {
    let seen = socket.events_seen().await.into_iter().filter(|seen| seen.event == event);
    seen.map(|seen| if event == "tick" { seen.args[0].clone() } else { seen.args[0]["number"].clone() }).collect()
}

fn numbers(count: usize) -> Vec<Value> {
    (0..count).map(|number| json!(number)).collect()
}

async fn a_burst_reaches_a_healthy_client_whole(world: World) {
    let probe = world.probe().await;
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let ada = probe.client("ada").await.connect("/limits").over(transport).await;
        assert_eq!(ada.ask("burst", json!([{"count": 1000, "size": 1000}])).await, json!(1000));
        // the acknowledgement was sent after them
        assert_eq!(ticks(&ada, "tick").await, numbers(1000), "over {transport:?}");
    }
}

async fn a_client_that_keeps_up_is_never_taken_for_a_slow_one(world: World) {
    // what counts as waiting and never leaves would soon be more than this
    let probe = world.probe().set("socketio.max_unsent_size=100kB").await;
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let ada = probe.client("ada").await.connect("/limits").over(transport).await;
        ada.ask("join", json!([["readers"]])).await;
        for _ in 0..10 {
            for (event, size) in
                [("burst", 0), ("burst", 90), ("burst", 400), ("burst_to_room", 0), ("burst_to_room", 200)]
            {
                assert_eq!(
                    ada.ask(event, json!([{"count": 150, "size": size}])).await,
                    json!(150),
                    "over {transport:?}"
                );
            }
        }
        let acks = ada.burst("most", (0..3000).map(|_| json!([])).collect()).await;
        assert_eq!(acks.len(), 3000);
        assert!(acks.iter().all(|(_, ack)| ack == &json!([0])), "over {transport:?}");
        assert!(ada.state().await.connected);
    }
}

/// Waits until the journal says this of a client.
async fn journal(probe: &Server, name: &str, what: &str) -> String {
    let reader = probe.client("reader").await;
    eventually(&format!("{name} has {what}"), async || {
        let entries = reader.get("/life/journal").await.json;
        let mut entries = entries.as_array().cloned().unwrap_or_default().into_iter();
        let last = entries.rfind(|entry| entry["client"] == name && entry["what"].to_string().contains(what));
        last.and_then(|entry| entry["what"].as_str().map(str::to_owned))
    })
    .await
}

async fn arrived(probe: &Server, name: &str) {
    journal(probe, name, "arrived").await;
}

/// Why a client left.
async fn left(probe: &Server, name: &str) -> String {
    journal(probe, name, "left").await
}

async fn a_client_that_does_not_read_is_disconnected(world: World) {
    let probe = world.probe().set("socketio.max_unsent_size=1MiB").set("events.queue_size=256MiB").await;
    let mut raw = probe.raw_with("client=deaf").await;
    for namespace in ["40/life,", "40/limits,"] {
        raw.text(namespace).await;
        raw.next_text(namespace).await;
    }
    arrived(&probe, "deaf").await;
    // it asks for much and reads nothing: what the kernel takes is soon full
    for number in 0..200 {
        if raw
            .send(1, format!("42/limits,{number}[\"burst\",{{\"count\":100,\"size\":1000}}]").as_bytes())
            .await
            .is_err()
        {
            break;
        }
    }
    assert_eq!(left(&probe, "deaf").await, "left: slow consumer");
    probe.log_contains("a client reads too slowly").await;
    // what reached it before is whole and in order
    let mut next = 0;
    loop {
        match raw.next_frame().await {
            Frame::Text(text) if text.contains("\"tick\"") => {
                assert!(text.starts_with(&format!("42/limits,[\"tick\",{},", next % 100)), "{text}");
                next += 1;
            }
            Frame::Closed => break,
            _ => {}
        }
    }
    assert!(next > 0);
    let bob = probe.client("bob").await.connect("/life").await;
    assert_eq!(bob.ask("count", json!(["everybody"])).await, json!(1), "it is out of its rooms");
}

async fn a_polling_client_that_does_not_poll_is_disconnected(world: World) {
    let probe = world.probe().set("socketio.max_unsent_size=100kB").await;
    let eve = probe.client("eve").await;
    let opened = eve.get("/socket.io/?EIO=4&transport=polling&client=eve").await;
    let session: Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
    for packet in ["40/life,", "40/limits,"] {
        assert_eq!(eve.request("POST", &path).body(packet).await.status, 200);
    }
    arrived(&probe, "eve").await;
    let burst = "42/limits,[\"burst\",{\"count\":200,\"size\":1000}]";
    assert_eq!(eve.request("POST", &path).body(burst).await.status, 200);
    assert_eq!(left(&probe, "eve").await, "left: slow consumer");
    assert_eq!(eve.get(&path).await.status, 400, "its session is over");
}

async fn a_client_that_upgraded_and_stopped_is_disconnected(world: World) {
    let probe = world.probe().set("socketio.max_unsent_size=1MiB").await;
    let ada = probe.client_in_own_process("ada").await;
    let life = ada.connect("/life").over(Transport::Upgrade).query(json!({"client": "ada"})).await;
    let limits = ada.connect("/limits").beside(&life).await;
    limits.ask("join", json!([["readers"]])).await;
    arrived(&probe, "ada").await;
    let bob = probe.client("bob").await.connect("/limits").await;
    ada.signal(Signal::STOP);
    for _ in 0..200 {
        bob.ask("burst_to_room", json!([{"count": 100, "size": 1000}])).await;
    }
    assert_eq!(left(&probe, "ada").await, "left: slow consumer");
    ada.signal(Signal::KILL);
}

async fn one_slow_member_of_a_room_costs_the_others_nothing(world: World) {
    let probe = world.probe().set("socketio.max_unsent_size=1MiB").await;
    let (ada, bob) = (probe.client("ada").await, probe.client("bob").await);
    let (ada, bob) = (ada.connect("/limits").await, bob.connect("/limits").await);
    ada.ask("join", json!([["readers"]])).await;
    let mut deaf = probe.raw().await;
    deaf.text("40/limits,").await;
    deaf.next_text("40/limits,").await;
    deaf.text("42/limits,1[\"join\",[\"readers\"]]").await;
    deaf.next_text("43/limits,1").await;
    for _ in 0..100 {
        bob.ask("burst_to_room", json!([{"count": 100, "size": 1000}])).await;
    }
    probe.log_contains("a client reads too slowly").await;
    let expected: Vec<Value> = (0..100).flat_map(|_| numbers(100)).collect();
    eventually("all of it is there", async || (ticks(&ada, "picture").await.len() >= expected.len()).then_some(()))
        .await;
    assert_eq!(ticks(&ada, "picture").await, expected);
}

async fn of_many_slow_clients_those_for_whom_most_waits_are_disconnected(world: World) {
    let probe = world.probe().set("socketio.max_unsent_size=6MiB").set("socketio.total_unsent_size=8MiB").await;
    let ada = probe.client("ada").await.connect("/life").query(json!({"client": "ada"})).await;
    let bob = probe.client("bob").await.connect("/life").query(json!({"client": "bob"})).await;
    let mut silent = Vec::new();
    for name in ["most", "much", "little"] {
        let client = probe.client(name).await;
        let opened = client.get(&format!("/socket.io/?EIO=4&transport=polling&client={name}")).await;
        let session: Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
        let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
        assert_eq!(client.request("POST", &path).body("40/life,").await.status, 200);
        arrived(&probe, name).await;
        // 1 MB for everybody who is there already
        ada.ask("noise", json!([10])).await;
        silent.push((client, path));
    }
    // 3, 2 and 1 MB wait: 1.4 MB more for each are too much for all together, and not for one
    ada.ask("noise", json!([14])).await;
    assert_eq!(left(&probe, "most").await, "left: slow consumer");
    probe.log_contains("as much as socketio.total_unsent_size waits for all of them").await;
    for (client, path) in &silent[1..] {
        let waiting = client.get(path).await;
        assert!(waiting.status == 200 && waiting.text.contains("noise"), "{} {:.100}", waiting.status, waiting.text);
    }
    let heard = async || bob.events_seen().await.iter().filter(|seen| seen.event == "noise").count() == 44;
    eventually("who reads has heard everything", async || heard().await.then_some(())).await;
}
