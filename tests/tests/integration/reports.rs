//! What a client is told about a payload that does not fit.

use lambdio_tests::{World, trials};
use serde_json::json;

trials![
    a_wrong_payload_names_the_field,
    a_wrong_payload_tells_no_internals,
    a_wrong_value_is_quoted_as_it_is,
    a_wrong_payload_may_hold_bytes,
];

async fn a_wrong_payload_names_the_field(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/errors").await;
    for (event, args, path, reason) in [
        ("cart", json!([{"customer": "a", "items": [{"count": 1}, {"count": "x"}]}]), "[0].items[1].count", "u32"),
        ("cart", json!([{"customer": "a", "items": [{}]}]), "[0].items[0]", "count"),
        ("cart", json!([{"customer": 5, "items": []}]), "[0].customer", "string"),
        ("cart", json!([{"customer": "a", "items": [], "total": 1}]), "[0].total", "total"),
        ("cart", json!(["a"]), "[0]", "object"),
        ("cart", json!([null]), "[0]", "object"),
        ("cart", json!([]), "[0]", "missing"),
        ("two_arguments", json!(["a"]), "[1]", "missing"),
        ("two_arguments", json!([1, {"count": 1}]), "[0]", "string"),
        ("two_arguments", json!(["a", {"count": -1}]), "[1].count", "u32"),
    ] {
        let error = socket.ask_error(event, args.clone()).await;
        assert_eq!(error.code, "invalid_payload");
        assert_eq!(error.details["path"], path, "the path for {event} with {args}: {error:?}");
        let said = error.details["reason"].as_str().unwrap_or_default();
        assert!(said.contains(reason), "{reason:?} is missing in {said:?} for {event} with {args}");
        assert_eq!(error.details.as_object().map(serde_json::Map::len), Some(2), "{error:?}");
    }
}

async fn a_wrong_payload_tells_no_internals(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/errors").await;
    for (event, args) in [
        ("cart", json!([{"customer": "a", "items": [{"count": "x"}]}])),
        ("cart", json!([])),
        ("two_arguments", json!([])),
    ] {
        let error = format!("{:?}", socket.ask_error(event, args.clone()).await);
        for internal in ["at line", "column", "\u{1f}", "\\u{1f}", "socketioxide", "serde", "probe::", "Arguments"] {
            assert!(!error.contains(internal), "{internal:?} is in {error} for {args}");
        }
    }
}

/// Whatever the client wrote, it cannot be taken for what the decoder says.
async fn a_wrong_value_is_quoted_as_it_is(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/errors").await;
    for items in ["an error at line 7 column 8", "\u{1f}", "expected struct Cart", "[0].path\u{1f}reason"] {
        let error = socket.ask_error("cart", json!([{"customer": "a", "items": items}])).await;
        assert_eq!(error.details["path"], "[0].items", "{error:?}");
        let reason = format!("invalid type: string {items:?}, expected a sequence");
        assert_eq!(error.details["reason"], reason, "{error:?}");
    }
}

async fn a_wrong_payload_may_hold_bytes(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/errors").await;
    let bytes = lambdio_tests::Socket::binary(&[1, 2, 3]);
    let error = socket.ask_error("cart", json!([{"customer": bytes, "items": []}])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0].customer")));
    assert_eq!(socket.ask("fine", json!([])).await, json!(true));
}
