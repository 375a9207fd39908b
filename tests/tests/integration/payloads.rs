//! What handlers get.

use lambdio_tests::{Socket, Transport, World, trials};
use serde_json::{Value, json};

trials![
    data_is_the_first_argument_whatever_its_shape,
    a_missing_argument_is_null,
    surplus_arguments_are_ignored,
    args_are_all_arguments,
    trailing_options_of_args_may_be_missing,
    an_enum_is_told_by_its_variant,
    nested_options_are_absent_null_or_there,
    text_of_every_script_survives,
    numbers_keep_their_value,
    a_payload_may_be_large,
    two_arguments_may_look_at_the_same_payload,
];

async fn ada(world: &World, transport: Transport) -> (lambdio_tests::Server, Socket) {
    let probe = world.probe().set("events.max_payload_size=1MiB").await;
    let socket = probe.client("ada").await.connect("/payloads").over(transport).await;
    (probe, socket)
}

/// Asks and expects, one after the other, on one connection.
async fn expect_all(socket: &Socket, table: &[(&str, Value, Value)]) {
    for (event, args, expected) in table {
        let ack = socket.emit_with_ack(event, args.clone()).await;
        assert_eq!(&ack, expected, "the acknowledgement of {event} with {args}");
    }
}

async fn data_is_the_first_argument_whatever_its_shape(world: World) {
    for transport in Transport::BOTH {
        let (_probe, socket) = ada(&world, transport).await;
        expect_all(
            &socket,
            &[
                ("text", json!(["hello"]), json!(["hello"])),
                ("name", json!(["Ada"]), json!(["Ada!"])),
                ("revision", json!([3]), json!([4])),
                ("tuple", json!([[3, "a"]]), json!([[4, "a"]])),
                ("array", json!([[1, 2, 3]]), json!([[3, 2, 1]])),
                ("list", json!([["a", "b"]]), json!([["b", "a"]])),
                ("list", json!([[]]), json!([[]])),
                ("map", json!([{"a": 1, "b c": 2}]), json!([{"a": -1, "b c": -2}])),
                ("unit", json!([null]), json!([null])),
                ("marker", json!([null]), json!([null])),
                ("optional", json!(["x"]), json!(["some x"])),
            ],
        )
        .await;
    }
}

async fn a_missing_argument_is_null(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    expect_all(
        &socket,
        &[
            ("unit", json!([]), json!([null])),
            ("marker", json!([]), json!([null])),
            ("nothing", json!([]), json!([null])),
            ("optional", json!([]), json!(["none"])),
            ("optional", json!([null]), json!(["none"])),
            ("optional", json!([{"$undefined": true}]), json!(["none"])),
        ],
    )
    .await;
    let error = socket.ask_error("text", json!([])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0]")));
}

async fn surplus_arguments_are_ignored(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    let deep = json!({"deep": [1, {"er": null}]});
    expect_all(
        &socket,
        &[
            ("text", json!(["hello", 1, deep]), json!(["hello"])),
            ("nothing", json!([deep, 2]), json!([null])),
            ("unit", json!([null, 1]), json!([null])),
            ("pair", json!([1, 2, 3, deep]), json!([2, 1])),
            ("no_arguments", json!([deep]), json!([])),
            ("text", json!(["hello", Socket::binary(&[1, 2])]), json!(["hello"])),
        ],
    )
    .await;
}

async fn args_are_all_arguments(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    expect_all(
        &socket,
        &[
            ("pair", json!([1, 2]), json!([2, 1])),
            ("any_number", json!([]), json!([])),
            ("any_number", json!([7]), json!([7])),
            ("any_number", json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), json!([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])),
            ("no_arguments", json!([]), json!([])),
        ],
    )
    .await;
    let error = socket.ask_error("pair", json!([1])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[1]")));
    let error = socket.ask_error("any_number", json!([1, 2, "three"])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[2]")));
}

async fn trailing_options_of_args_may_be_missing(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    expect_all(
        &socket,
        &[
            ("optional_tail", json!([1]), json!([[1, null, null]])),
            ("optional_tail", json!([1, 2]), json!([[1, 2, null]])),
            ("optional_tail", json!([1, null, "c"]), json!([[1, null, "c"]])),
            ("optional_tail", json!([1, 2, "c", "d"]), json!([[1, 2, "c"]])),
        ],
    )
    .await;
    let error = socket.ask_error("optional_tail", json!([])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0]")));
}

async fn an_enum_is_told_by_its_variant(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    for shape in [
        json!("nothing"),
        json!({"circle": 1.5}),
        json!({"box": [1.5, 2.25]}),
        json!({"text": {"content": "x", "bold": true}}),
    ] {
        assert_eq!(socket.ask("shape", json!([shape])).await, shape);
    }
    let turned = socket.ask("command", json!([{"kind": "move", "x": 1, "y": -2}])).await;
    assert_eq!(turned, json!({"kind": "move", "x": -1, "y": 2}));
    for stop in
        [json!({"kind": "stop"}), json!({"a \"weird\" key": 1, "kind": "stop"}), json!({"a ünï": [], "kind": "stop"})]
    {
        assert_eq!(socket.ask("command", json!([stop])).await, json!({"kind": "stop"}));
    }
    assert_eq!(socket.ask_error("shape", json!(["triangle"])).await.code, "invalid_payload");
    assert_eq!(socket.ask_error("command", json!([{"kind": "fly"}])).await.code, "invalid_payload");
}

async fn nested_options_are_absent_null_or_there(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    let full = json!({
        "fullName": "Ada Lovelace", "nickName": "Ada",
        "address": {"street": "St James's Square", "floors": [1, null, -2]},
    });
    let bare = json!({"fullName": "Ada", "nickName": null, "address": null});
    let half = json!({"fullName": "Ada", "nickName": null, "address": {"street": null, "floors": null}});
    expect_all(
        &socket,
        &[
            ("person", json!([full]), json!([full])),
            ("person", json!([bare]), json!([bare])),
            ("person", json!([{"fullName": "Ada"}]), json!([bare])),
            ("person", json!([{"fullName": "Ada", "address": {}}]), json!([half])),
        ],
    )
    .await;
}

async fn text_of_every_script_survives(world: World) {
    for transport in Transport::BOTH {
        let (_probe, socket) = ada(&world, transport).await;
        for text in [
            "",
            " ",
            "Žluťoučký kůň",
            "数学",
            "عدد",
            "👩‍💻🇪🇺",
            "\u{0}\u{1}\u{7f}",
            "\u{1e}\u{2028}\u{2029}\u{feff}\u{fffd}",
            "\"quoted\" \\ and \n\r\t",
            "[\"event\",{}]",
            "451-[\"x\"]",
            "]\",",
            "\u{10ffff}",
        ] {
            assert_eq!(socket.ask("text", json!([text])).await, json!(text), "over {transport:?}");
        }
    }
}

async fn numbers_keep_their_value(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    // what a JavaScript number holds exactly
    let safe = 9_007_199_254_740_991_i64;
    for numbers in [
        json!({"tiny": 0, "unsigned": 0, "signed": 0, "float": 0.5}),
        json!({"tiny": 255, "unsigned": safe, "signed": -safe, "float": f64::MAX}),
        json!({"tiny": 1, "unsigned": 1, "signed": -1, "float": 5e-324}),
    ] {
        assert_eq!(socket.ask("numbers", json!([numbers])).await, numbers);
    }
    let numbers =
        |tiny: Value, unsigned: Value| json!([{"tiny": tiny, "unsigned": unsigned, "signed": 0, "float": 0.5}]);
    for (args, path) in [
        (numbers(json!(256), json!(0)), "[0].tiny"),
        (numbers(json!(1.5), json!(0)), "[0].tiny"),
        (numbers(json!(1), json!(-1)), "[0].unsigned"),
        (numbers(json!(1), json!("1")), "[0].unsigned"),
    ] {
        let error = socket.ask_error("numbers", args.clone()).await;
        assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!(path)), "{args}");
    }
}

async fn a_payload_may_be_large(world: World) {
    for transport in Transport::BOTH {
        let (_probe, socket) = ada(&world, transport).await;
        let text = "ä".repeat(250_000);
        assert!(socket.ask("text", json!([text])).await == json!(text), "500 kB over {transport:?}");
    }
}

async fn two_arguments_may_look_at_the_same_payload(world: World) {
    let (_probe, socket) = ada(&world, Transport::Websocket).await;
    assert_eq!(socket.ask("arguments_and_socket", json!(["same"])).await, json!(true));
}
