//! Rooms, and what is kept on a socket.

use lambdio_tests::{Server, Socket, World, eventually, trials};
use serde_json::{Value, json};

trials![
    a_socket_knows_its_rooms,
    joining_twice_and_leaving_what_one_is_not_in_are_fine,
    a_room_knows_its_sockets,
    a_room_is_empty_after_its_last_client_left,
    a_socket_id_is_new_each_time_and_no_session_id,
    a_socket_keeps_typed_data,
    data_is_gone_with_its_connection,
    a_handler_may_put_its_client_out,
];

async fn connected(probe: &Server, name: &str) -> (Socket, Value) {
    let socket = probe.client(name).await.connect("/sending").await;
    let id = socket.ask("who_am_i", json!([])).await;
    (socket, id)
}

fn sorted(mut ids: Vec<&Value>) -> Value {
    ids.sort_by_key(|id| id.as_str());
    json!(ids)
}

async fn a_socket_knows_its_rooms(world: World) {
    let probe = world.probe().await;
    let (ada, _) = connected(&probe, "ada").await;
    assert_eq!(ada.ask("leave", json!([[]])).await, json!([]), "nobody begins in a room");
    assert_eq!(ada.ask("join", json!([["red", "blue"]])).await, json!(["blue", "red"]));
    assert_eq!(ada.ask("join", json!([["ünïcode 🚪"]])).await, json!(["blue", "red", "ünïcode 🚪"]));
    assert_eq!(ada.ask("leave", json!([["red", "ünïcode 🚪"]])).await, json!(["blue"]));
}

async fn joining_twice_and_leaving_what_one_is_not_in_are_fine(world: World) {
    let probe = world.probe().await;
    let (ada, id) = connected(&probe, "ada").await;
    ada.ask("join", json!([["red", "red"]])).await;
    assert_eq!(ada.ask("join", json!([["red"]])).await, json!(["red"]));
    assert_eq!(ada.ask("members", json!(["red"])).await, json!([id]));
    assert_eq!(ada.ask("leave", json!([["blue"]])).await, json!(["red"]));
    assert_eq!(ada.ask("leave", json!([["red"]])).await, json!([]));
    assert_eq!(ada.ask("leave", json!([["red"]])).await, json!([]));
}

async fn a_room_knows_its_sockets(world: World) {
    let probe = world.probe().await;
    let ((ada, ada_id), (bob, bob_id)) = (connected(&probe, "ada").await, connected(&probe, "bob").await);
    assert_eq!(ada.ask("members", json!(["red"])).await, json!([]));
    ada.ask("join", json!([["red"]])).await;
    bob.ask("join", json!([["red"]])).await;
    assert_eq!(ada.ask("members", json!(["red"])).await, sorted(vec![&ada_id, &bob_id]));
    bob.ask("leave", json!([["red"]])).await;
    assert_eq!(ada.ask("members", json!(["red"])).await, json!([ada_id]));
}

async fn a_room_is_empty_after_its_last_client_left(world: World) {
    let probe = world.probe().await;
    let (ada, _) = connected(&probe, "ada").await;
    for leaving in ["disconnect", "close", "cut"] {
        let (bob, id) = connected(&probe, "bob").await;
        bob.ask("join", json!([["red"]])).await;
        assert_eq!(ada.ask("members", json!(["red"])).await, json!([id]));
        match leaving {
            "disconnect" => bob.disconnect().await,
            "close" => bob.close().await,
            _ => bob.cut().await,
        }
        eventually("the room is empty", async || (ada.ask("members", json!(["red"])).await == json!([])).then_some(()))
            .await;
    }
}

async fn a_socket_id_is_new_each_time_and_no_session_id(world: World) {
    let probe = world.probe().await;
    let ((ada, first), (_, second)) = (connected(&probe, "ada").await, connected(&probe, "ada").await);
    assert_ne!(first, second);
    assert_ne!(first.as_str().map(str::to_owned), ada.state().await.id, "the session id is a credential");
}

async fn a_socket_keeps_typed_data(world: World) {
    let probe = world.probe().await;
    let ((ada, _), (bob, _)) = (connected(&probe, "ada").await, connected(&probe, "bob").await);
    assert_eq!(ada.ask("recall", json!([])).await, json!(null));
    assert_eq!(ada.ask("remember", json!(["one"])).await, json!(1));
    assert_eq!(ada.ask("remember", json!(["two"])).await, json!(2));
    assert_eq!(ada.ask("recall", json!([])).await, json!(["one", "two"]));
    assert_eq!(bob.ask("recall", json!([])).await, json!(null), "Bob has his own");
    assert_eq!(ada.ask("forget", json!([])).await, json!(true));
    assert_eq!(ada.ask("forget", json!([])).await, json!(false));
}

async fn data_is_gone_with_its_connection(world: World) {
    let probe = world.probe().await;
    let (ada, _) = connected(&probe, "ada").await;
    ada.ask("remember", json!(["one"])).await;
    ada.disconnect().await;
    let (ada, _) = connected(&probe, "ada").await;
    assert_eq!(ada.ask("recall", json!([])).await, json!(null));
}

async fn a_handler_may_put_its_client_out(world: World) {
    let probe = world.probe().await;
    let (ada, _) = connected(&probe, "ada").await;
    let elsewhere = probe.client("ada").await.connect("/elsewhere").beside(&ada).await;
    ada.emit("put_me_out", json!([])).await;
    assert_eq!(ada.gone().await, "io server disconnect");
    assert_eq!(elsewhere.ask("ping_elsewhere", json!([])).await, json!("/elsewhere"), "the other namespace stays");
}
