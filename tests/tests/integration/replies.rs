//! What comes back.

use lambdio_tests::{Frame, Transport, World, trials};
use serde_json::json;

trials![
    a_newtype_reply_is_one_argument,
    a_tuple_reply_is_one_argument,
    args_spread_in_a_reply,
    nothing_is_null,
    a_result_is_seen_through_an_alias,
    an_event_without_an_ack_gets_no_answer,
    an_answer_names_the_ack_it_is_for,
    big_integers_are_written_exactly,
    an_upgraded_connection_serves_as_well,
];

async fn a_newtype_reply_is_one_argument(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        assert_eq!(socket.emit_with_ack("name", json!(["Ada"])).await, json!(["Ada!"]));
        assert_eq!(socket.emit_with_ack("list", json!([["Ada"]])).await, json!([["Ada"]]));
    }
}

async fn a_tuple_reply_is_one_argument(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    assert_eq!(socket.emit_with_ack("tuple", json!([[1, "b"]])).await, json!([[2, "b"]]));
    assert_eq!(socket.emit_with_ack("array", json!([[1, 2, 3]])).await, json!([[3, 2, 1]]));
    assert_eq!(socket.emit_with_ack("shape", json!([{"box": [1.5, 2.5]}])).await, json!([{"box": [1.5, 2.5]}]));
}

async fn args_spread_in_a_reply(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        assert_eq!(socket.emit_with_ack("pair", json!([1, 2])).await, json!([2, 1]));
        assert_eq!(socket.emit_with_ack("any_number", json!([1, 2, 3])).await, json!([3, 2, 1]));
        assert_eq!(socket.emit_with_ack("any_number", json!([])).await, json!([]));
        assert_eq!(socket.emit_with_ack("no_arguments", json!([])).await, json!([]));
    }
}

async fn nothing_is_null(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    assert_eq!(socket.emit_with_ack("nothing", json!([])).await, json!([null]));
    assert_eq!(socket.emit_with_ack("unit", json!([])).await, json!([null]));
}

async fn a_result_is_seen_through_an_alias(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    assert_eq!(socket.emit_with_ack("aliased", json!([true])).await, json!(["fine"]));
    assert_eq!(socket.ask_error("aliased", json!([false])).await.code, "forbidden");
    assert_eq!(socket.emit_with_ack("spread_or_fail", json!([true])).await, json!([1, 2]));
    assert_eq!(socket.ask_error("spread_or_fail", json!([false])).await.code, "forbidden");
}

async fn an_event_without_an_ack_gets_no_answer(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    socket.emit("name", json!(["Ada"])).await;
    // events of one socket are answered in order: what the first caused would be here now
    socket.ask("text", json!(["after it"])).await;
    assert_eq!(socket.events_seen().await, []);
}

async fn an_answer_names_the_ack_it_is_for(world: World) {
    let probe = world.probe().await;
    let mut raw = probe.raw().await;
    raw.text("40/payloads,").await;
    raw.next_text("40/payloads,").await;
    raw.text(r#"42/payloads,7["name","Ada"]"#).await;
    assert_eq!(raw.next_text("43").await, r#"43/payloads,7["Ada!"]"#);
    raw.text(r#"42/payloads,8["tuple",[1,"b"]]"#).await;
    assert_eq!(raw.next_text("43").await, r#"43/payloads,8[[2,"b"]]"#);
    raw.text(r#"42/payloads,9["bytes",null]"#).await;
    assert!(raw.next_text("43").await.starts_with(r#"43/payloads,9[{"error":{"code":"invalid_payload""#));
    raw.text(r#"452-/payloads,10["album",[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]]"#).await;
    for attachment in [[1, 2], [3, 4]] {
        raw.send(2, &attachment).await.expect("the attachment is sent");
    }
    raw.next_text("462-/payloads,10[[").await;
    assert_eq!(
        [raw.next_frame().await, raw.next_frame().await],
        [Frame::Binary(vec![2, 1]), Frame::Binary(vec![4, 3])]
    );
}

async fn big_integers_are_written_exactly(world: World) {
    let probe = world.probe().await;
    let mut raw = probe.raw().await;
    raw.text("40/payloads,").await;
    raw.next_text("40/payloads,").await;
    let numbers = r#"{"tiny":1,"unsigned":18446744073709551615,"signed":-9223372036854775808,"float":0.1}"#;
    raw.text(&format!(r#"42/payloads,1["numbers",{numbers}]"#)).await;
    assert_eq!(raw.next_text("43").await, format!("43/payloads,1[{numbers}]"));
}

async fn an_upgraded_connection_serves_as_well(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").over(Transport::Upgrade).await;
    lambdio_tests::eventually("the connection is a websocket", async || {
        assert_eq!(socket.ask("name", json!(["Ada"])).await, json!("Ada!"));
        (socket.state().await.transport.as_deref() == Some("websocket")).then_some(())
    })
    .await;
    assert_eq!(socket.ask("name", json!(["Ada"])).await, json!("Ada!"));
}
