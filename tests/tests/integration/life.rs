//! Coming and going.

use lambdio_tests::{Server, Signal, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};

trials![
    the_connect_handler_runs_before_the_first_event,
    the_disconnect_handler_runs_once_and_sees_the_rooms,
    each_namespace_of_a_connection_ends_by_itself,
    a_refused_client_has_no_disconnect_handler,
    events_accepted_before_the_client_left_still_run,
    a_client_that_is_gone_cannot_join_a_room,
    a_stopped_client_is_noticed,
    a_reset_connection_is_noticed_at_once,
    a_closed_polling_client_is_noticed,
    a_client_that_comes_back_is_a_new_one,
];

/// What the journal says about one client: what happened, and in which rooms the client was.
async fn journal(probe: &Server, client: &str) -> Vec<(String, Value)> {
    let entries = probe.client("reader").await.get("/life/journal").await.json;
    let entries = entries.as_array().expect("a list").iter();
    let of_client = entries.filter(|entry| entry["client"] == client);
    of_client.map(|entry| (entry["what"].as_str().unwrap_or_default().to_owned(), entry["rooms"].clone())).collect()
}

/// Waits until the journal of a client has this many entries.
async fn journal_of(probe: &Server, client: &str, length: usize) -> Vec<(String, Value)> {
    eventually("the journal is long enough", async || {
        let journal = journal(probe, client).await;
        (journal.len() >= length).then_some(journal)
    })
    .await
}

async fn arrive(probe: &Server, name: &str, transport: Transport) -> Socket {
    let client = probe.client(name).await;
    let socket = client.connect("/life").over(transport).query(json!({"client": name})).await;
    assert_eq!(socket.ask("hello", json!([])).await, json!(name));
    socket
}

fn entry(what: &str, rooms: Value) -> (String, Value) {
    (what.to_owned(), rooms)
}

async fn the_connect_handler_runs_before_the_first_event(world: World) {
    let probe = world.probe().await;
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let name = format!("{transport:?}");
        let emits = json!([["join", ["first tick"]], ["work", [1]], ["work", [2]]]);
        let connecting = probe.client(&name).await.connect("/life").over(transport).query(json!({"client": name}));
        let socket = connecting.emitting(emits).await;
        // a handler that ran before the connect handler would know no name
        assert_eq!(socket.ask("hello", json!([])).await, json!(name));
        let expected =
            [entry("arrived", json!(["everybody"])), entry("worked 1", json!([])), entry("worked 2", json!([]))];
        assert_eq!(journal(&probe, &name).await, expected);
    }
}

async fn the_disconnect_handler_runs_once_and_sees_the_rooms(world: World) {
    let probe = world.probe().await;
    for (leaving, reason) in [
        ("disconnect", "left: client namespace disconnect"),
        ("close", "left: transport close"),
        ("cut", "left: transport error"),
    ] {
        let ada = arrive(&probe, leaving, Transport::Websocket).await;
        ada.ask("join", json!(["red"])).await;
        match leaving {
            "disconnect" => ada.disconnect().await,
            "close" => ada.close().await,
            _ => ada.cut().await,
        }
        let journal = journal_of(&probe, leaving, 2).await;
        assert_eq!(journal[1], entry(reason, json!(["everybody", "red"])));
    }
    // whoever left is through all of it once the next one has come and gone
    arrive(&probe, "last", Transport::Websocket).await.close().await;
    journal_of(&probe, "last", 2).await;
    for leaving in ["disconnect", "close", "cut"] {
        assert_eq!(journal(&probe, leaving).await.len(), 2, "{leaving}");
    }
}

async fn each_namespace_of_a_connection_ends_by_itself(world: World) {
    let probe = world.probe().await;
    let ada = arrive(&probe, "ada", Transport::Websocket).await;
    let elsewhere = probe.client("ada").await.connect("/elsewhere").beside(&ada).await;
    elsewhere.disconnect().await;
    assert_eq!(ada.ask("hello", json!([])).await, json!("ada"));
    ada.close().await;
    assert_eq!(journal_of(&probe, "ada", 2).await.len(), 2);
}

async fn a_refused_client_has_no_disconnect_handler(world: World) {
    let probe = world.probe().await;
    let ada = arrive(&probe, "ada", Transport::Websocket).await;
    probe.client("ada").await.connect("/guarded").beside(&ada).refused().await;
    ada.close().await;
    journal_of(&probe, "ada", 2).await;
    assert_eq!(journal(&probe, "(nobody)").await, []);
}

async fn events_accepted_before_the_client_left_still_run(world: World) {
    let probe = world.probe().await;
    let ada = arrive(&probe, "ada", Transport::Websocket).await;
    for number in 0..50 {
        ada.emit("work", json!([number])).await;
    }
    ada.disconnect().await;
    let journal = journal_of(&probe, "ada", 52).await;
    let worked: Vec<String> = (0..50).map(|number| format!("worked {number}")).collect();
    assert_eq!(journal[1..51].iter().map(|(what, _)| what.clone()).collect::<Vec<_>>(), worked);
    assert_eq!(journal[51].0, "left: client namespace disconnect", "the disconnect handler is the last");
}

async fn a_client_that_is_gone_cannot_join_a_room(world: World) {
    let probe = world.probe().await;
    let (ada, bob) =
        (arrive(&probe, "ada", Transport::Websocket).await, arrive(&probe, "bob", Transport::Websocket).await);
    ada.emit("work_on", json!([])).await;
    journal_of(&probe, "ada", 2).await;
    ada.cut().await;
    let journal = journal_of(&probe, "ada", 4).await;
    assert_eq!(journal[2], entry("ended, joined a room: false", json!(["everybody"])));
    assert_eq!(journal[3], entry("left: transport error", json!(["everybody"])));
    assert_eq!(bob.ask("count", json!(["ghosts"])).await, json!(0));
    assert_eq!(bob.ask("count", json!(["everybody"])).await, json!(1));
}

async fn a_stopped_client_is_noticed(world: World) {
    let probe = world.probe().set("socketio.ping_interval=1s").set("socketio.ping_timeout=4s").await;
    let bob = arrive(&probe, "bob", Transport::Websocket).await;
    let mut stopped = Vec::new();
    for transport in Transport::BOTH {
        let name = format!("{transport:?}");
        let client = probe.client_in_own_process(&name).await;
        let socket = client.connect("/life").over(transport).query(json!({"client": name})).await;
        assert_eq!(socket.ask("hello", json!([])).await, json!(name));
        client.signal(Signal::STOP);
        stopped.push((client, name));
    }
    for (client, name) in stopped {
        let journal = journal_of(&probe, &name, 2).await;
        assert_eq!(journal[1], entry("left: ping timeout", json!(["everybody"])));
        client.signal(Signal::KILL);
    }
    // who answers the heartbeat stays
    assert_eq!(bob.ask("count", json!(["everybody"])).await, json!(1));
    assert!(bob.state().await.connected);
}

async fn a_reset_connection_is_noticed_at_once(world: World) {
    let probe = world.probe().await;
    let (ada, bob) =
        (arrive(&probe, "ada", Transport::Websocket).await, arrive(&probe, "bob", Transport::Websocket).await);
    ada.cut().await;
    eventually("the room is smaller", async || {
        (bob.ask("count", json!(["everybody"])).await == json!(1)).then_some(())
    })
    .await;
}

async fn a_closed_polling_client_is_noticed(world: World) {
    let probe = world.probe().await;
    let ada = arrive(&probe, "ada", Transport::Polling).await;
    ada.close().await;
    let journal = journal_of(&probe, "ada", 2).await;
    assert_eq!(journal[1], entry("left: transport close", json!(["everybody"])));
}

async fn a_client_that_comes_back_is_a_new_one(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/life").query(json!({"client": "ada"})).reconnecting().await;
    socket.ask("join", json!(["red"])).await;
    socket.cut().await;
    // its own arrival, its departure, its second arrival
    let journal = journal_of(&probe, "ada", 3).await;
    assert_eq!(journal.iter().filter(|entry| entry.0 == "arrived").count(), 2, "{journal:?}");
    eventually("the client is back", async || socket.state().await.connected.then_some(())).await;
    assert_eq!(socket.ask("count", json!(["red"])).await, json!(0));
    assert_eq!(socket.ask("count", json!(["everybody"])).await, json!(1));
}
