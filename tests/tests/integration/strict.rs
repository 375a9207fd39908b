//! Clients that are put out.

use lambdio_tests::{World, eventually, trials};
use serde_json::{Value, json};

trials![
    what_waits_behind_a_failed_connect_handler_is_not_served,
    a_client_that_a_middleware_puts_out_never_gets_in,
    a_disconnect_handler_knows_the_request_that_opened_the_connection,
];

async fn what_waits_behind_a_failed_connect_handler_is_not_served(world: World) {
    let probe = world.probe().await;
    let mallory = probe.client("mallory").await.connect("/strict").query(json!({ "client": "mallory" }));
    let mallory = mallory.emitting(json!([["secret", []], ["secret", []]])).await;
    assert_eq!(mallory.gone().await, "io server disconnect");
    for _ in 0..2 {
        let line = probe.log_contains("event=secret").await;
        assert!(line.contains("outcome=forbidden"), "{line}");
    }
    let served = probe.log().lines().into_iter().filter(|line| line.contains("served") && line.contains("secret"));
    assert_eq!(served.count(), 0);
}

async fn a_client_that_a_middleware_puts_out_never_gets_in(world: World) {
    let probe = world.probe().await;
    let refusal = probe.client("eve").await.connect("/strict").query(json!({ "client": "eve" })).refused().await;
    assert_eq!(refusal.message, "forbidden");
    let ada = probe.client("ada").await.connect("/strict").query(json!({ "client": "ada" })).await;
    assert_eq!(ada.ask("secret", json!([])).await, json!("the secret"));
}

async fn a_disconnect_handler_knows_the_request_that_opened_the_connection(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/strict").query(json!({ "client": "ada" })).await;
    socket.ask("secret", json!([])).await;
    socket.cut().await;
    let left = |journal: &Value| {
        journal
            .as_array()
            .is_some_and(|entries| entries.iter().any(|entry| entry["client"] == "ada" && entry["what"] == "left"))
    };
    eventually("the disconnect handler has run", async || left(&ada.get("/life/journal").await.json).then_some(()))
        .await;
}
