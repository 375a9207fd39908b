//! Whom an event reaches.

use lambdio_tests::{Server, Socket, Transport, World, trials};
use serde_json::{Value, json};

trials![
    a_note_to_me_reaches_me_alone,
    a_note_to_all_reaches_all,
    a_note_to_others_does_not_come_back,
    a_room_is_without_the_sender_unless_asked_for,
    several_rooms_reach_everybody_once,
    all_but_a_room_and_all_but_a_socket,
    a_socket_is_reached_by_its_id,
    no_room_is_nobody,
    a_runtime_room_cannot_be_named_by_a_client,
    a_route_sends,
    a_background_task_sends,
    an_event_stays_in_its_namespace,
    two_namespaces_share_one_connection,
];

/// Ada over a websocket, Bob over polling and Eve over an upgraded connection.
struct Three {
    probe: Server,
    ada: Socket,
    bob: Socket,
    eve: Socket,
}

impl Three {
    async fn connected(world: &World) -> Self {
        let probe = world.probe().await;
        let connect = async |name, transport| probe.client(name).await.connect("/sending").over(transport).await;
        let ada = connect("ada", Transport::Websocket).await;
        let bob = connect("bob", Transport::Polling).await;
        let eve = connect("eve", Transport::Upgrade).await;
        Self { probe, ada, bob, eve }
    }

    /// Who has got this note, and how often: each has `note` in turn, then a note to everybody closes the books.
    async fn got(&self, text: &str) -> [usize; 3] {
        let last = format!("after {text}");
        self.ada.ask("send", json!([{"to": "all", "text": last}])).await;
        let count = async |socket: &Socket| {
            let mut count = 0;
            loop {
                let note = socket.next("note").await;
                if note == json!([last]) {
                    return count;
                }
                assert_eq!(note, json!([text]), "a note that nobody sent");
                count += 1;
            }
        };
        [count(&self.ada).await, count(&self.bob).await, count(&self.eve).await]
    }

    async fn ada_sends(&self, to: Value, expected: [usize; 3]) {
        self.ada.ask("send", json!([{"to": to, "text": "note"}])).await;
        assert_eq!(self.got("note").await, expected, "Ada, Bob and Eve after a note to {to}");
    }
}

async fn join(socket: &Socket, rooms: &[&str]) {
    socket.ask("join", json!([rooms])).await;
}

async fn id(socket: &Socket) -> Value {
    socket.ask("who_am_i", json!([])).await
}

async fn a_note_to_me_reaches_me_alone(world: World) {
    Three::connected(&world).await.ada_sends(json!("me"), [1, 0, 0]).await;
}

async fn a_note_to_all_reaches_all(world: World) {
    Three::connected(&world).await.ada_sends(json!("all"), [1, 1, 1]).await;
}

async fn a_note_to_others_does_not_come_back(world: World) {
    Three::connected(&world).await.ada_sends(json!("others"), [0, 1, 1]).await;
}

async fn a_room_is_without_the_sender_unless_asked_for(world: World) {
    let three = Three::connected(&world).await;
    join(&three.ada, &["red"]).await;
    join(&three.eve, &["red"]).await;
    three.ada_sends(json!({"room": "red"}), [0, 0, 1]).await;
    three.ada_sends(json!({"room_with_me": "red"}), [1, 0, 1]).await;
    three.ada_sends(json!({"room": "blue"}), [0, 0, 0]).await;
}

async fn several_rooms_reach_everybody_once(world: World) {
    let three = Three::connected(&world).await;
    join(&three.bob, &["red", "blue"]).await;
    join(&three.eve, &["blue"]).await;
    three.ada_sends(json!({"rooms": ["red", "blue", "green"]}), [0, 1, 1]).await;
    three.ada_sends(json!({"twice_to": ["red", "blue"]}), [0, 1, 1]).await;
    three.ada_sends(json!({"rooms": ["red"]}), [0, 1, 0]).await;
}

async fn all_but_a_room_and_all_but_a_socket(world: World) {
    let three = Three::connected(&world).await;
    join(&three.bob, &["red", "blue"]).await;
    join(&three.eve, &["blue"]).await;
    three.ada_sends(json!({"not_in": "red"}), [1, 0, 1]).await;
    three.ada_sends(json!({"not_in": "nobody is here"}), [1, 1, 1]).await;
    three.ada_sends(json!({"room_not_in": ["blue", "red"]}), [0, 0, 1]).await;
    let bob = id(&three.bob).await;
    three.ada_sends(json!({"not_socket": bob}), [1, 0, 1]).await;
}

async fn a_socket_is_reached_by_its_id(world: World) {
    let three = Three::connected(&world).await;
    let bob = id(&three.bob).await;
    three.ada_sends(json!({"socket": bob}), [0, 1, 0]).await;
    three.ada_sends(json!({"socket": "AAAAAAAAAAAAAAAAAAAAAA"}), [0, 0, 0]).await;
}

async fn no_room_is_nobody(world: World) {
    let three = Three::connected(&world).await;
    three.ada_sends(json!("nobody"), [0, 0, 0]).await;
    three.ada_sends(json!({"rooms": []}), [0, 0, 0]).await;
}

/// Rooms of the runtime's own begin with NUL; a name from a client must not reach them.
async fn a_runtime_room_cannot_be_named_by_a_client(world: World) {
    let three = Three::connected(&world).await;
    let bob = id(&three.bob).await;
    let private = format!("\0s{}", bob.as_str().expect("an id is text"));
    three.ada_sends(json!({"rooms": [private]}), [0, 0, 0]).await;
    three.ada_sends(json!({"rooms": ["", "\0"]}), [0, 0, 0]).await;
    assert_eq!(three.ada.ask_error("join", json!([[private]])).await.code, "invalid_payload");
    assert_eq!(three.ada.ask_error("join", json!([[""]])).await.code, "invalid_payload");
}

async fn a_route_sends(world: World) {
    let three = Three::connected(&world).await;
    join(&three.bob, &["red"]).await;
    let operator = three.probe.client("operator").await;
    assert_eq!(operator.post("/sending/all", json!("note")).await.status, 204);
    assert_eq!(three.got("note").await, [1, 1, 1]);
    assert_eq!(operator.post("/sending/room/red", json!("note")).await.status, 204);
    assert_eq!(three.got("note").await, [0, 1, 0]);
}

async fn a_background_task_sends(world: World) {
    let three = Three::connected(&world).await;
    join(&three.eve, &["later"]).await;
    let operator = three.probe.client("operator").await;
    operator.post("/sending/later", json!("from a task")).await;
    assert_eq!(three.eve.next("note").await, json!(["from a task"]));
    assert_eq!(three.got("no other note").await, [0, 0, 0]);
}

async fn an_event_stays_in_its_namespace(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let [sending, elsewhere] = [ada.connect("/sending").await, ada.connect("/elsewhere").await];
    assert_eq!(sending.ask("send_elsewhere", json!([])).await, json!(true), "an event of another namespace is refused");
    sending.ask("send", json!([{"to": "all", "text": "note"}])).await;
    elsewhere.ask("ping_elsewhere", json!([])).await;
    assert_eq!(sending.next("note").await, json!(["note"]));
    assert_eq!(elsewhere.next("elsewhere").await, json!([null]));
    assert_eq!((sending.events_seen().await.len(), elsewhere.events_seen().await.len()), (1, 1));
}

async fn two_namespaces_share_one_connection(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let sending = ada.connect("/sending").over(transport).await;
        let elsewhere = ada.connect("/elsewhere").beside(&sending).await;
        assert_eq!(elsewhere.ask("ping_elsewhere", json!([])).await, json!("/elsewhere"));
        sending.disconnect().await;
        assert_eq!(elsewhere.ask("ping_elsewhere", json!([])).await, json!("/elsewhere"));
    }
}
