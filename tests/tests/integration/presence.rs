//! Who is there.

use lambdio_tests::{Program, Server, Signal, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};
use std::collections::BTreeMap;

trials![
    who_comes_gets_the_list_and_the_others_hear_of_it,
    two_sockets_of_one_user_are_one_entry,
    the_meta_that_was_tracked_last_counts,
    users_stand_before_those_without_a_login,
    who_only_joined_a_room_hears_but_is_not_present,
    who_is_no_longer_tracked_stays_in_the_room,
    whatever_ends_a_connection_ends_presence,
    a_killed_client_is_no_longer_present,
    who_is_refused_after_all_is_not_present,
    who_has_left_is_not_tracked_any_more,
    what_cannot_be_tracked_is_told,
    presence_is_seen_and_ended_from_outside,
    whoever_applies_what_they_hear_knows_who_is_there,
    waves_of_clients_leave_nobody_behind,
];

/// Without accounts: each socket is an entry of its own.
async fn connected(probe: &Server, name: &str) -> Socket {
    probe.client(name).await.connect("/presence").await
}

/// With accounts, which guests need not have.
fn with_accounts(world: &World) -> Program {
    let probe = world.probe().with_database();
    probe.set("auth.accounts.bcrypt_cost=4").set("namespaces.\"/presence\".auth=optional")
}

async fn track(socket: &Socket, room: &str, mood: &str) -> Value {
    socket.ask("track", json!([room, mood])).await
}

async fn list(socket: &Socket, room: &str) -> Value {
    socket.ask("list", json!([room])).await
}

fn sockets_and_moods(list: &Value) -> Vec<(u64, &str)> {
    let entries = list.as_array().into_iter().flatten();
    entries.map(|e| (e["sockets"].as_u64().unwrap_or(0), e["meta"]["mood"].as_str().unwrap_or(""))).collect()
}

fn length(list: &Value) -> usize {
    list.as_array().expect("a list").len()
}

/// What a client makes of all it has heard of a room: the entries by id.
async fn view(socket: &Socket, room: &str) -> BTreeMap<String, Value> {
    let mut view = BTreeMap::new();
    for seen in socket.events_seen().await {
        let (payload, entry) = (&seen.args[0], &seen.args[0]["entry"]);
        if payload["room"] != room {
            continue;
        }
        match seen.event.as_str() {
            "presence_list" => view = by_id(&payload["entries"]),
            "presence_left" => drop(view.remove(&id(entry))),
            _ => drop(view.insert(id(entry), entry.clone())),
        }
    }
    view
}

fn by_id(entries: &Value) -> BTreeMap<String, Value> {
    entries.as_array().expect("a list").iter().map(|entry| (id(entry), entry.clone())).collect()
}

fn id(entry: &Value) -> String {
    entry["id"].as_str().expect("an id").to_owned()
}

async fn times_heard(socket: &Socket, event: &str) -> usize {
    socket.events_seen().await.iter().filter(|seen| seen.event == event).count()
}

async fn who_comes_gets_the_list_and_the_others_hear_of_it(world: World) {
    let probe = world.probe().await;
    for transport in Transport::BOTH {
        let room = format!("{transport:?}");
        let ada = probe.client("ada").await.connect("/presence").over(transport).await;
        let alone = track(&ada, &room, "happy").await;
        assert_eq!(sockets_and_moods(&alone), [(1, "happy")]);
        assert_eq!(alone[0].as_object().map(serde_json::Map::len), Some(3), "no name without a login: {alone}");
        assert_eq!(ada.next("presence_list").await, json!([{ "room": room, "entries": alone }]));

        let bob = probe.client("bob").await.connect("/presence").over(transport).await;
        let both = track(&bob, &room, "tired").await;
        assert_eq!(length(&both), 2);
        assert_eq!(bob.next("presence_list").await, json!([{ "room": room, "entries": both }]));
        let joined = ada.next("presence_joined").await;
        assert_eq!((&joined[0]["room"], &joined[0]["entry"]["meta"]), (&json!(room), &json!({ "mood": "tired" })));
        assert_eq!(list(&ada, &room).await, both);
        assert_eq!(length(&ada.ask("moods", json!([room])).await), 2);

        bob.ask("leave", json!([room])).await;
        assert_eq!(ada.next("presence_left").await, joined, "it is the entry that joined");
        assert_eq!(list(&bob, &room).await, alone);
        for (socket, event, times) in [
            (&ada, "presence_list", 1),
            (&ada, "presence_joined", 1),
            (&ada, "presence_left", 1),
            (&bob, "presence_list", 1),
            (&bob, "presence_joined", 0),
            (&bob, "presence_left", 0),
        ] {
            assert_eq!(times_heard(socket, event).await, times, "{event}");
        }
    }
}

async fn two_sockets_of_one_user_are_one_entry(world: World) {
    let probe = with_accounts(&world).await;
    let ((ada, ada_id), (grace, grace_id)) = (probe.registered("Ada").await, probe.registered("Grace").await);
    let here = ada.connect("/presence").await;
    track(&here, "red", "here").await;
    let (tab, other_tab) = (grace.connect("/presence").await, grace.connect("/presence").await);
    track(&tab, "red", "one").await;
    let entries = track(&other_tab, "red", "two").await;
    assert_eq!(
        entries,
        json!([
            { "id": ada_id, "name": "Ada", "sockets": 1, "meta": { "mood": "here" } },
            { "id": grace_id, "name": "Grace", "sockets": 2, "meta": { "mood": "two" } },
        ])
    );
    assert_eq!(here.next("presence_joined").await[0]["entry"]["sockets"], 1);
    for socket in [&here, &tab] {
        assert_eq!(socket.next("presence_changed").await, json!([{ "room": "red", "entry": entries[1] }]));
    }

    other_tab.cut().await;
    let changed = here.next("presence_changed").await[0]["entry"].clone();
    assert_eq!(changed, json!({ "id": grace_id, "name": "Grace", "sockets": 1, "meta": { "mood": "one" } }));
    tab.close().await;
    assert_eq!(here.next("presence_left").await[0]["entry"], changed);
    assert_eq!(length(&list(&here, "red").await), 1);
    for (event, times) in [("presence_joined", 1), ("presence_changed", 2), ("presence_left", 1)] {
        assert_eq!(times_heard(&here, event).await, times, "{event}");
    }
}

async fn the_meta_that_was_tracked_last_counts(world: World) {
    let probe = with_accounts(&world).await;
    let (ada, _) = probe.registered("Ada").await;
    let (tab, other_tab) = (ada.connect("/presence").await, ada.connect("/presence").await);
    track(&tab, "red", "one").await;
    track(&other_tab, "red", "two").await;
    assert_eq!(sockets_and_moods(&track(&tab, "red", "three").await), [(2, "three")]);
    for socket in [&tab, &other_tab] {
        eventually("both know the last meta", async || {
            let view = view(socket, "red").await;
            view.values().all(|entry| entry["meta"]["mood"] == "three").then_some(())
        })
        .await;
    }
    let heard = times_heard(&other_tab, "presence_changed").await;
    track(&tab, "red", "three").await;
    list(&other_tab, "red").await;
    assert_eq!(times_heard(&other_tab, "presence_changed").await, heard, "what is the same is not told");
    tab.ask("leave", json!(["red"])).await;
    assert_eq!(sockets_and_moods(&list(&other_tab, "red").await), [(1, "two")]);
}

async fn users_stand_before_those_without_a_login(world: World) {
    let probe = with_accounts(&world).await;
    let guest = connected(&probe, "a guest").await;
    track(&guest, "red", "").await;
    for name in ["Grace", "Ada"] {
        track(&probe.registered(name).await.0.connect("/presence").await, "red", "").await;
    }
    let entries = list(&guest, "red").await;
    let names: Vec<_> = entries.as_array().into_iter().flatten().map(|entry| entry["name"].as_str()).collect();
    assert_eq!(names, [Some("Ada"), Some("Grace"), None]);
}

async fn who_only_joined_a_room_hears_but_is_not_present(world: World) {
    let probe = world.probe().await;
    let (watcher, ada) = (connected(&probe, "watcher").await, connected(&probe, "ada").await);
    watcher.ask("join", json!(["red"])).await;
    track(&ada, "red", "happy").await;
    assert_eq!(watcher.next("presence_joined").await[0]["entry"]["meta"]["mood"], "happy");
    track(&ada, "red", "tired").await;
    assert_eq!(watcher.next("presence_changed").await[0]["entry"]["meta"]["mood"], "tired");
    assert_eq!(length(&list(&watcher, "red").await), 1);
    watcher.ask("leave", json!(["red"])).await;
    ada.disconnect().await;
    eventually("nobody is there", async || (list(&watcher, "red").await == json!([])).then_some(())).await;
    assert_eq!(times_heard(&watcher, "presence_left").await, 0);
}

async fn who_is_no_longer_tracked_stays_in_the_room(world: World) {
    let probe = world.probe().await;
    let (ada, bob) = (connected(&probe, "ada").await, connected(&probe, "bob").await);
    track(&ada, "red", "").await;
    ada.ask("untrack", json!(["red"])).await;
    ada.ask("untrack", json!(["red"])).await;
    assert_eq!(list(&ada, "red").await, json!([]));
    assert_eq!(ada.ask("rooms", json!([])).await, json!(["red"]));
    track(&bob, "red", "").await;
    ada.next("presence_joined").await;
    assert_eq!(times_heard(&ada, "presence_left").await, 1, "its own");
}

async fn whatever_ends_a_connection_ends_presence(world: World) {
    let probe = world.probe().await;
    let bob = connected(&probe, "bob").await;
    track(&bob, "red", "").await;
    for transport in Transport::BOTH {
        for leaving in ["disconnect", "close", "cut", "put_me_out", "leave", "untrack"] {
            if transport == Transport::Polling && leaving == "cut" {
                continue; // its next request would go on
            }
            let ada = probe.client("ada").await.connect("/presence").over(transport).await;
            track(&ada, "red", leaving).await;
            let joined = bob.next("presence_joined").await;
            match leaving {
                "disconnect" => ada.disconnect().await,
                "close" => ada.close().await,
                "cut" => ada.cut().await,
                "put_me_out" => ada.emit(leaving, json!([])).await,
                _ => ada.emit(leaving, json!(["red"])).await,
            }
            assert_eq!(bob.next("presence_left").await, joined, "{leaving} over {transport:?}");
            assert_eq!(length(&list(&bob, "red").await), 1, "{leaving} over {transport:?}");
        }
    }
    assert_eq!(times_heard(&bob, "presence_left").await, times_heard(&bob, "presence_joined").await);
    probe.log_contains("a disconnect handler that fails").await;
}

async fn a_killed_client_is_no_longer_present(world: World) {
    let probe = world.probe().set("socketio.ping_interval=1s").set("socketio.ping_timeout=3s").await;
    let bob = connected(&probe, "bob").await;
    track(&bob, "red", "").await;
    for (name, signal) in [("killed", Signal::KILL), ("stopped", Signal::STOP)] {
        let client = probe.client_in_own_process(name).await;
        track(&client.connect("/presence").await, "red", name).await;
        let joined = bob.next("presence_joined").await;
        client.signal(signal);
        assert_eq!(bob.next("presence_left").await, joined, "{name}");
        client.signal(Signal::KILL);
    }
    assert_eq!(length(&list(&bob, "red").await), 1);
    assert_eq!(times_heard(&bob, "presence_left").await, 2);
}

async fn who_is_refused_after_all_is_not_present(world: World) {
    let probe = world.probe().await;
    let bob = connected(&probe, "bob").await;
    track(&bob, "red", "").await;
    let unwanted = probe.client("unwanted").await.connect("/presence").query(json!({ "client": "unwanted" })).await;
    let joined = bob.next("presence_joined").await;
    assert_eq!(bob.next("presence_left").await, joined);
    assert_eq!(unwanted.gone().await, "io server disconnect");
    assert_eq!(length(&list(&bob, "red").await), 1);
    assert_eq!(list(&bob, "early").await, json!([]), "a middleware tracks nobody");
}

async fn who_has_left_is_not_tracked_any_more(world: World) {
    let probe = world.probe().await;
    let (ada, bob) = (connected(&probe, "ada").await, connected(&probe, "bob").await);
    ada.emit("track_later", json!([])).await;
    journal_says(&probe, "began").await;
    ada.cut().await;
    journal_says(&probe, "tracked: false").await;
    assert_eq!(list(&bob, "red").await, json!([]));
}

async fn journal_says(probe: &Server, text: &str) {
    let reader = probe.client("reader").await;
    eventually(text, async || reader.get("/life/journal").await.text.contains(text).then_some(())).await;
}

async fn what_cannot_be_tracked_is_told(world: World) {
    let probe = world.probe().await;
    let (ada, bob) = (connected(&probe, "ada").await, connected(&probe, "bob").await);
    let empty = r#"{"mood":""}"#.len();
    let error = ada.ask_error("track", json!(["red", "x".repeat(4 * 1024 - empty + 1)])).await;
    assert_eq!(error.code, "payload_too_large");
    for room in ["", "\0room of the runtime"] {
        assert_eq!(ada.ask_error("track", json!([room, ""])).await.code, "invalid_payload", "{room:?}");
    }
    assert_eq!(ada.ask("rooms", json!([])).await, json!([]), "what is refused changes nothing");
    track(&ada, "red", &"x".repeat(4 * 1024 - empty)).await;

    ada.ask("track_nothing", json!(["red"])).await;
    assert_eq!(ada.ask_error("moods", json!(["red"])).await.code, "internal", "nothing is no mood");

    let rooms = (1..256).map(|number| json!([format!("room {number}")])).collect();
    assert!(ada.burst("track_nothing", rooms).await.iter().all(|(_, ack)| *ack == json!([1])));
    assert_eq!(ada.ask_error("track_nothing", json!(["one more"])).await.code, "overloaded");
    assert_eq!(ada.ask("track_nothing", json!(["red"])).await, json!(1), "again is no more");
    assert_eq!(bob.ask("track_nothing", json!(["one more"])).await, json!(1));
    ada.ask("leave", json!(["red"])).await;
    assert_eq!(ada.ask("track_nothing", json!(["one more"])).await, json!(2));
}

async fn presence_is_seen_and_ended_from_outside(world: World) {
    let probe = world.probe().await;
    let (ada, bob, watcher) =
        (connected(&probe, "ada").await, connected(&probe, "bob").await, connected(&probe, "watcher").await);
    track(&ada, "red", "happy").await;
    track(&ada, "blue", "elsewhere").await;
    let both = track(&bob, "red", "tired").await;
    watcher.ask("join", json!(["red"])).await;
    let http = probe.client("http").await;
    assert_eq!(http.get("/presence/red").await.json, both);
    assert_eq!(http.get("/presence/nobody").await.json, json!([]));

    assert!(http.request("DELETE", "/presence/red").await.status < 300);
    assert_eq!(http.get("/presence/red").await.json, json!([]));
    assert_eq!(watcher.next("presence_list").await, json!([{ "room": "red", "entries": [] }]));
    for (socket, rooms) in [(&ada, json!(["blue"])), (&bob, json!([])), (&watcher, json!([]))] {
        assert_eq!(socket.ask("rooms", json!([])).await, rooms);
        assert!(view(socket, "red").await.is_empty());
        assert_eq!(times_heard(socket, "presence_left").await, 0, "the list says it all");
    }
    assert_eq!(length(&http.get("/presence/blue").await.json), 1, "other rooms stay");
    assert_eq!(sockets_and_moods(&track(&bob, "red", "back").await), [(1, "back")]);
}

async fn whoever_applies_what_they_hear_knows_who_is_there(world: World) {
    const EACH: u32 = 30;
    let probe = with_accounts(&world).await;
    let ((ada, _), (grace, _)) = (probe.registered("Ada").await, probe.registered("Grace").await);
    let mut sockets = Vec::new();
    for client in [&ada, &ada, &grace, &grace] {
        sockets.push(client.connect("/presence").await);
    }
    sockets.push(connected(&probe, "guest").await);
    let act = async |number: u32, socket: &Socket| {
        for round in 0..EACH {
            // different for each, the same each time
            match (number * 31 + round * 17) % 7 {
                0 => drop(socket.ask("leave", json!(["red"])).await),
                1 => drop(socket.ask("untrack", json!(["red"])).await),
                mood => drop(track(socket, "red", &mood.to_string()).await),
            }
        }
        track(socket, "red", "at last").await;
    };
    futures_util::future::join_all((0..).zip(&sockets).map(|(number, socket)| act(number, socket))).await;
    let truth = list(&sockets[0], "red").await;
    assert_eq!(sockets_and_moods(&truth), [(2, "at last"), (2, "at last"), (1, "at last")]);
    let truth = by_id(&truth);
    for socket in &sockets {
        // what was sent before this answer is there before it
        list(socket, "red").await;
        assert_eq!(view(socket, "red").await, truth);
    }
}

async fn waves_of_clients_leave_nobody_behind(world: World) {
    const WAVES: usize = 4;
    const CLIENTS: usize = 24;
    let probe = world.probe().await;
    let watcher = connected(&probe, "watcher").await;
    watcher.ask("join", json!(["red"])).await;
    for _ in 0..WAVES {
        let clients = futures_util::future::join_all((0..CLIENTS).map(async |_| {
            let socket = connected(&probe, "one of many").await;
            track(&socket, "red", "").await;
            socket
        }))
        .await;
        assert_eq!(length(&list(&watcher, "red").await), CLIENTS);
        // half of them without a goodbye
        futures_util::future::join_all(clients.iter().enumerate().map(async |(number, socket)| match number % 4 {
            0 => socket.disconnect().await,
            1 => socket.close().await,
            _ => socket.cut().await,
        }))
        .await;
        eventually("nobody is left", async || (list(&watcher, "red").await == json!([])).then_some(())).await;
    }
    assert!(view(&watcher, "red").await.is_empty());
    for event in ["presence_joined", "presence_left"] {
        assert_eq!(times_heard(&watcher, event).await, WAVES * CLIENTS, "{event}");
    }
}
