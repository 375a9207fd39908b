//! Clients that are not let in.

use lambdio_tests::{Transport, World, trials};
use serde_json::{Value, json};

trials![
    a_middleware_refuses_with_its_code,
    a_middleware_that_panics_refuses,
    an_auth_that_does_not_fit_is_refused,
    an_unknown_namespace_is_refused,
    a_refusal_leaves_other_namespaces_alone,
    a_connect_handler_that_fails_puts_the_client_out,
];

async fn a_middleware_refuses_with_its_code(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let refusal = ada.connect("/guarded").over(transport).refused().await;
        assert_eq!((refusal.message.as_str(), refusal.data), ("wrong_password", Value::Null));
        let socket = ada.connect("/guarded").over(transport).auth(json!({"password": "please"})).await;
        assert_eq!(socket.ask("fine", json!([])).await, json!(true));
    }
    probe.log().line_with(["wrong_password", "/guarded"]).await;
}

async fn a_middleware_that_panics_refuses(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let refusal = ada.connect("/guarded").auth(json!({"password": "panic"})).refused().await;
    assert_eq!((refusal.message.as_str(), refusal.data), ("internal", Value::Null));
    probe.log().line_with(["internal", "hunter2 at the door"]).await;
    ada.connect("/guarded").auth(json!({"password": "please"})).await;
}

async fn an_auth_that_does_not_fit_is_refused(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let refusal = ada.connect("/guarded").auth(json!({"password": 7})).refused().await;
    assert_eq!((refusal.message.as_str(), refusal.data), ("invalid_payload", Value::Null));
}

async fn an_unknown_namespace_is_refused(world: World) {
    let probe = world.probe().await;
    let refusal = probe.client("ada").await.connect("/no_such_namespace").refused().await;
    assert_eq!(refusal.message, "Invalid namespace");
}

async fn a_refusal_leaves_other_namespaces_alone(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/errors").await;
    assert_eq!(ada.connect("/guarded").beside(&socket).refused().await.message, "wrong_password");
    assert_eq!(socket.ask("fine", json!([])).await, json!(true));
}

async fn a_connect_handler_that_fails_puts_the_client_out(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/turned_away").over(transport).await;
        let (event, error) = socket.next_exception().await;
        assert_eq!((event, error.code.as_str()), (json!("connect"), "no_such_document"));
        assert_eq!(socket.gone().await, "io server disconnect");
    }
}
