//! Events that wait for acknowledgements.

use lambdio_tests::{Server, Socket, Transport, World, trials};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

trials![
    a_client_acknowledges_with_its_first_argument,
    an_acknowledgement_that_does_not_fit_is_told,
    who_never_answers_runs_into_the_timeout,
    who_leaves_does_not_keep_anybody_waiting,
    one_of_many_answers_and_one_never_does,
    asking_nobody_gives_nobody,
    the_timeout_of_the_configuration_counts_where_the_author_names_none,
];

async fn connected(probe: &Server, name: &str, transport: Transport) -> Socket {
    probe.client(name).await.connect("/sending").over(transport).await
}

fn asking(timeout_ms: u64) -> Value {
    json!([{"timeout_ms": timeout_ms}])
}

async fn a_client_acknowledges_with_its_first_argument(world: World) {
    let probe = world.probe().await;
    for transport in Transport::BOTH {
        let ada = connected(&probe, "ada", transport).await;
        ada.answer("question", json!(["yes"])).await;
        assert_eq!(ada.ask("ask_me", asking(5000)).await, json!({"with": "yes"}), "over {transport:?}");
        assert_eq!(ada.next("question").await, json!([{"text": "ready?"}]));
        ada.answer("question", json!(["yes", "and more"])).await;
        assert_eq!(ada.ask("ask_me", asking(5000)).await, json!({"with": "yes"}), "over {transport:?}");
    }
}

async fn an_acknowledgement_that_does_not_fit_is_told(world: World) {
    let probe = world.probe().await;
    let ada = connected(&probe, "ada", Transport::Websocket).await;
    for misfit in [json!([7]), json!([]), json!([["yes"]])] {
        ada.answer("question", misfit.clone()).await;
        assert_eq!(ada.ask("ask_me", asking(5000)).await, json!("misfit"), "for {misfit}");
    }
}

async fn who_never_answers_runs_into_the_timeout(world: World) {
    let probe = world.probe().await;
    let ada = connected(&probe, "ada", Transport::Websocket).await;
    assert_eq!(ada.ask("ask_me", asking(100)).await, json!("timeout"));
}

async fn who_leaves_does_not_keep_anybody_waiting(world: World) {
    let probe = world.probe().await;
    let ada = connected(&probe, "ada", Transport::Websocket).await;
    let bob = connected(&probe, "bob", Transport::Websocket).await;
    bob.ask("join", json!([["red"]])).await;
    let begun = Instant::now();
    let (answers, ()) = tokio::join!(ada.ask("ask_many", json!([{"room": "red", "timeout_ms": 8000}])), async {
        bob.next("question").await;
        bob.close().await;
    });
    assert_eq!(answers[0]["answer"], json!("gone"), "{answers}");
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
}

async fn one_of_many_answers_and_one_never_does(world: World) {
    let probe = world.probe().await;
    let ada = connected(&probe, "ada", Transport::Websocket).await;
    let bob = connected(&probe, "bob", Transport::Polling).await;
    let eve = connected(&probe, "eve", Transport::Websocket).await;
    bob.answer("question", json!(["I am"])).await;
    for socket in [&bob, &eve] {
        socket.ask("join", json!([["red"]])).await;
    }
    let answers = ada.ask("ask_many", json!([{"room": "red", "timeout_ms": 3000}])).await;
    let (bob, eve) = (bob.ask("who_am_i", json!([])).await, eve.ask("who_am_i", json!([])).await);
    assert_eq!(answers, json!([{"id": bob, "answer": {"with": "I am"}}, {"id": eve, "answer": "timeout"}]));
}

async fn asking_nobody_gives_nobody(world: World) {
    let probe = world.probe().await;
    let ada = connected(&probe, "ada", Transport::Websocket).await;
    assert_eq!(ada.ask("ask_many", json!([{"room": "nobody", "timeout_ms": 60000}])).await, json!([]));
}

async fn the_timeout_of_the_configuration_counts_where_the_author_names_none(world: World) {
    let probe = world.probe().set("socketio.ack_timeout=150ms").await;
    let ada = connected(&probe, "ada", Transport::Websocket).await;
    assert_eq!(ada.ask("ask_me_by_default", json!([])).await, json!("timeout"));
}
