//! Errors of routes: the same shape, with a status.

use lambdio_tests::{Client, Response, Server, World, trials};
use serde_json::json;

trials![
    a_wrong_body_is_400_and_names_the_field,
    a_body_that_is_no_json_is_400,
    a_body_of_another_type_is_415,
    a_wrong_path_parameter_is_400,
    an_unknown_path_is_404,
    a_wrong_method_is_405,
    a_body_over_the_limit_is_413,
    a_failure_inside_is_500_and_stays_inside,
    an_author_s_error_has_its_status,
    who_is_not_logged_in_gets_401,
    a_missed_deadline_is_504,
    each_response_names_an_id_that_is_in_the_log,
];

async fn probe(world: &World) -> (Server, Client) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    (probe, ada)
}

#[track_caller]
fn expect(response: &Response, status: u16, code: &str) {
    assert_eq!((response.status, response.error().code.as_str()), (status, code), "{response:?}");
    assert_eq!(response.headers["content-type"], "application/json");
}

async fn a_wrong_body_is_400_and_names_the_field(world: World) {
    let (_probe, ada) = probe(&world).await;
    let fine = ada.post("/errors/cart", json!({"customer": "ada", "items": [{"count": 1}]})).await;
    assert_eq!((fine.status, fine.json), (200, json!(4)));
    let wrong = ada.post("/errors/cart", json!({"customer": "ada", "items": [{"count": "x"}]})).await;
    expect(&wrong, 400, "invalid_payload");
    assert_eq!(wrong.error().details["path"], "items[0].count");
    assert!(!wrong.text.contains("at line"), "{}", wrong.text);
}

async fn a_body_that_is_no_json_is_400(world: World) {
    let (_probe, ada) = probe(&world).await;
    let json = "application/json; charset=utf-8";
    let broken = ada.request("POST", "/errors/cart").header("content-type", json).body("{\"customer\":").await;
    expect(&broken, 400, "invalid_payload");
    expect(&ada.request("POST", "/errors/cart").await, 400, "invalid_payload");
}

async fn a_body_of_another_type_is_415(world: World) {
    let (_probe, ada) = probe(&world).await;
    let form = "application/x-www-form-urlencoded";
    let form = ada.request("POST", "/errors/cart").header("content-type", form).body("customer=ada").await;
    expect(&form, 415, "unsupported_media_type");
    assert!(form.error().message.contains("content-type: application/json"), "{form:?}");
}

async fn a_wrong_path_parameter_is_400(world: World) {
    let (_probe, ada) = probe(&world).await;
    let wrong = ada.get("/errors/edit/one").await;
    expect(&wrong, 400, "invalid_payload");
}

async fn an_unknown_path_is_404(world: World) {
    let (_probe, ada) = probe(&world).await;
    expect(&ada.get("/no/such/path").await, 404, "not_found");
    expect(&ada.post("/errors", json!(1)).await, 404, "not_found");
}

async fn a_wrong_method_is_405(world: World) {
    let (_probe, ada) = probe(&world).await;
    let response = ada.get("/errors/cart").await;
    expect(&response, 405, "method_not_allowed");
    // RFC 9110, section 15.5.6
    assert_eq!(response.headers.get("allow").map(String::as_str), Some("POST"));
    expect(&ada.request("DELETE", "/errors/secret").await, 405, "method_not_allowed");
}

async fn a_body_over_the_limit_is_413(world: World) {
    let probe = world.probe().set("socketio.max_message_size=64KiB").await;
    let ada = probe.client("ada").await;
    let customer = "x".repeat(100_000);
    let response = ada.post("/errors/cart", json!({"customer": customer, "items": []})).await;
    expect(&response, 413, "payload_too_large");
    let customer = "x".repeat(60_000);
    assert_eq!(ada.post("/errors/cart", json!({"customer": customer, "items": []})).await.status, 200);
}

async fn a_failure_inside_is_500_and_stays_inside(world: World) {
    let (probe, ada) = probe(&world).await;
    for path in ["/errors/secret", "/errors/panic", "/errors/edit/3"] {
        let response = ada.get(path).await;
        expect(&response, 500, "internal");
        assert!(!format!("{response:?}").contains("hunter2"), "{response:?}");
        let line = probe.log_contains(&response.error().id).await;
        assert!(line.contains("hunter2"), "the cause is in the log: {line}");
    }
}

async fn an_author_s_error_has_its_status(world: World) {
    let (_probe, ada) = probe(&world).await;
    assert_eq!(ada.get("/errors/edit/1").await.json, json!(1));
    let stale = ada.get("/errors/edit/2").await;
    expect(&stale, 409, "stale_revision");
    assert_eq!(stale.error().details, json!({"text": "newer"}));
    expect(&ada.get("/errors/edit/9").await, 404, "no_such_document");
}

async fn who_is_not_logged_in_gets_401(world: World) {
    let (_probe, ada) = probe(&world).await;
    expect(&ada.get("/errors/private").await, 401, "unauthenticated");
    assert_eq!(ada.get("/errors/private").header("authorization", "Bearer x").await.json, json!(true));
}

async fn a_missed_deadline_is_504(world: World) {
    let probe = world.probe().set("events.timeout=100ms").await;
    let response = probe.client("ada").await.get("/errors/slow").await;
    expect(&response, 504, "timeout");
}

async fn each_response_names_an_id_that_is_in_the_log(world: World) {
    let (probe, ada) = probe(&world).await;
    for response in [ada.get("/errors/edit/2").await, ada.get("/errors/edit/x").await, ada.get("/errors/private").await]
    {
        probe.log_contains(&response.error().id).await;
    }
}
