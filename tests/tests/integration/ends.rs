//! Whatever ends a connection: its disconnect handler runs once, and nothing of it stays.

use futures_util::future::join_all;
use lambdio_tests::{Client, Server, Signal, Socket, Transport, World, eventually, trials};
use serde_json::json;
use std::fmt::Write;

trials![
    each_end_has_one_disconnect_handler_and_its_reason,
    a_disconnect_handler_that_panics_or_hangs_leaves_nothing_behind,
    the_last_visit_ends_before_the_next_one_begins,
    a_public_id_is_no_credential,
];

/// What ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    ClientCloses,
    ClientLeaves,
    ClientIsKilled,
    ClientStopsReading,
    ClientIsTooSlow,
    ClientIsFrozen,
    Eviction,
    EvictionOfARoom,
    PanicAndClose,
    Sigterm,
}

const ENDS: [End; 10] = [
    End::ClientCloses,
    End::ClientLeaves,
    End::ClientIsKilled,
    End::ClientStopsReading,
    End::ClientIsTooSlow,
    End::ClientIsFrozen,
    End::Eviction,
    End::EvictionOfARoom,
    End::PanicAndClose,
    End::Sigterm,
];

impl End {
    /// The reason that the disconnect handler gets.
    fn reasons(self, transport: Transport) -> &'static [&'static str] {
        match self {
            Self::ClientCloses | Self::PanicAndClose => &["transport close"],
            Self::ClientLeaves => &["client namespace disconnect"],
            // a poller that is killed, or asks for nothing any more, is missed at the next heartbeat
            Self::ClientIsKilled | Self::ClientStopsReading if transport == Transport::Polling => &["ping timeout"],
            // it depends on what the kernel says to those who read and to those who write
            Self::ClientIsKilled => &["transport close", "transport error"],
            Self::ClientStopsReading => &["transport error"],
            Self::ClientIsTooSlow => &["slow consumer"],
            Self::ClientIsFrozen => &["ping timeout"],
            Self::Eviction | Self::EvictionOfARoom => &["server namespace disconnect"],
            Self::Sigterm => &["server shutting down"],
        }
    }

    async fn start(self, world: &World) -> Server {
        let program = world.probe().set("log.level=info,lambdio=debug,lambdio::http=warn");
        match self {
            Self::ClientStopsReading => {
                let unread = program.set("server.write_stall_timeout=300ms").set("socketio.max_unsent_size=512MiB");
                unread.set("socketio.ping_interval=1s").set("socketio.ping_timeout=6s").await
            }
            Self::ClientIsTooSlow => program.set("socketio.max_unsent_size=1MiB").await,
            Self::ClientIsKilled | Self::ClientIsFrozen => {
                program.set("socketio.ping_interval=400ms").set("socketio.ping_timeout=5s").await
            }
            _ => program.await,
        }
    }

    async fn happen(self, probe: &Server, ada: &Client, socket: &Socket, bob: &Socket) {
        match self {
            Self::ClientCloses => socket.close().await,
            Self::ClientLeaves => socket.disconnect().await,
            Self::ClientIsKilled => ada.signal(Signal::KILL),
            Self::ClientIsFrozen => ada.signal(Signal::STOP),
            Self::ClientStopsReading | Self::ClientIsTooSlow => {
                ada.signal(Signal::STOP);
                bob.ask("noise", json!([200])).await;
            }
            Self::Eviction => socket.emit("put_me_out", json!([])).await,
            Self::EvictionOfARoom => assert_eq!(bob.ask("put_out", json!(["red"])).await, json!(1)),
            Self::PanicAndClose => {
                assert_eq!(socket.ask_error("fail", json!([])).await.code, "internal");
                assert_eq!(socket.ask("hello", json!([])).await, json!("ada"), "the connection goes on");
                socket.close().await;
            }
            Self::Sigterm => probe.signal(Signal::TERM),
        }
    }
}

/// What the log says of those who left `/life`, one line each.
fn departures(probe: &Server) -> Vec<String> {
    let log = probe.log();
    let left = log.lines().into_iter().filter(|line| line.contains("client left") && line.contains("namespace=/life "));
    left.filter_map(|line| Some(line.split_once("reason=\"")?.1.split_once('"')?.0.to_owned())).collect()
}

async fn each_end_has_one_disconnect_handler_and_its_reason(world: World) {
    let mut table = format!("\n{:<18} {:<10} reason\n", "end", "transport");
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let reasons = join_all(ENDS.map(|end| run(&world, end, transport))).await;
        for (end, reason) in ENDS.iter().zip(reasons) {
            let _ = writeln!(table, "{:<18} {:<10} {reason}", format!("{end:?}"), format!("{transport:?}"));
        }
    }
    println!("{table}");
}

async fn run(world: &World, end: End, transport: Transport) -> String {
    let mut probe = end.start(world).await;
    let bob = probe.client("bob").await.connect("/life").await;
    let ada = probe.client_in_own_process("ada").await;
    let socket = ada.connect("/life").over(transport).query(json!({"client": "ada"})).await;
    if transport == Transport::Upgrade {
        let upgraded = async || (socket.state().await.transport.as_deref() == Some("websocket")).then_some(());
        eventually("it is a websocket", upgraded).await;
    }
    assert_eq!(socket.ask("hello", json!([])).await, json!("ada"));
    socket.ask("join", json!(["red"])).await;
    assert_eq!(bob.ask("count", json!(["red"])).await, json!(1));

    end.happen(&probe, &ada, &socket, &bob).await;

    if end == End::Sigterm {
        assert_eq!(probe.wait_exit().await, Some(0));
        probe.log_contains("stopped after").await;
        let left = departures(&probe);
        assert_eq!(left, ["server shutting down", "server shutting down"], "Ada and Bob");
        return left[0].clone();
    }
    let left = eventually("the disconnect handler has run", async || departures(&probe).pop()).await;
    assert!(end.reasons(transport).contains(&left.as_str()), "{end:?} over {transport:?}: {left}");
    eventually("the client is out of its rooms", async || {
        let counts = [bob.ask("count", json!(["red"])).await, bob.ask("count", json!(["everybody"])).await];
        (counts == [json!(0), json!(1)]).then_some(())
    })
    .await;
    ada.signal(Signal::KILL);
    // Bob is the next to leave: whatever came twice would have come before
    bob.close().await;
    eventually("Bob has left", async || (departures(&probe).len() > 1).then_some(())).await;
    assert_eq!(departures(&probe), [left.as_str(), "transport close"], "{end:?} over {transport:?}");
    left
}

async fn a_disconnect_handler_that_panics_or_hangs_leaves_nothing_behind(world: World) {
    let mut probe = world.probe().set("events.timeout=300ms").await;
    let client = probe.client("ada").await;
    for transport in Transport::BOTH {
        let panics = client.connect("/panics_at_the_end").over(transport).await;
        let hangs = client.connect("/hangs_at_the_end").over(transport).await;
        eventually("both are in the room", async || (client.get("/life/ghosts").await.json == json!(2)).then_some(()))
            .await;
        panics.close().await;
        hangs.close().await;
        eventually("nobody is left", async || (client.get("/life/ghosts").await.json == json!(0)).then_some(())).await;
    }
    probe.log_contains("on purpose, at the end").await;
    eventually("the hanging one has missed its deadline", async || {
        let log = probe.log();
        (log.lines().into_iter().filter(|line| line.contains("outcome=timeout")).count() == 2).then_some(())
    })
    .await;
    probe.signal(Signal::TERM);
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn the_last_visit_ends_before_the_next_one_begins(world: World) {
    let probe = world.probe().await;
    let mut raw = probe.raw_with("client=ada").await;
    raw.text("40/life,").await;
    raw.next_text("40/life,").await;
    raw.text("42/life,1[\"hello\"]").await;
    raw.next_text("43/life,1").await;
    for number in 0..30 {
        raw.text(&format!("42/life,[\"work\",{number}]")).await;
    }
    raw.text("41/life,").await;
    raw.text("40/life,").await;
    raw.next_text("40/life,").await;
    raw.text("42/life,2[\"hello\"]").await;
    raw.next_text("43/life,2").await;
    let entries = probe.client("reader").await.get("/life/journal").await.json;
    let entries: Vec<&str> =
        entries.as_array().into_iter().flatten().filter_map(|entry| entry["what"].as_str()).collect();
    let mut expected = vec!["arrived".to_owned()];
    expected.extend((0..30).map(|number| format!("worked {number}")));
    expected.extend(["left: client namespace disconnect".to_owned(), "arrived".to_owned()]);
    assert_eq!(entries, expected);
}

async fn a_public_id_is_no_credential(world: World) {
    // records name sockets, and the harness takes for a secret what is sent as a session's id
    let probe = world.probe().set("log.level=info").await;
    let eve = probe.client("eve").await;
    let ada = probe.client("ada").await.connect("/life").over(Transport::Polling).query(json!({"client": "ada"})).await;
    let public = ada.ask("my_id", json!([])).await;
    for id in [public.as_str().unwrap_or_default(), "AAAAAAAAAAAAAAAA", "", "../../x", "%00"] {
        let path = format!("/socket.io/?EIO=4&transport=polling&sid={id}");
        let posted = eve.request("POST", &path).body("42/life,[\"put_me_out\"]").await;
        assert!((400..500).contains(&posted.status), "{id:?}: {posted:?}");
        if !id.is_empty() {
            let polled = eve.get(&path).await;
            assert!((400..500).contains(&polled.status), "{id:?}: {polled:?}");
        }
    }
    assert_eq!(ada.ask("hello", json!([])).await, json!("ada"), "her connection goes on");
    assert_eq!(ada.events_seen().await, []);
}
