//! Bytes, both ways.

use lambdio_tests::{Frame, Socket, Transport, World, trials};
use serde_json::json;

trials![
    bytes_come_in_and_go_out,
    bytes_may_be_anywhere_in_an_object,
    bytes_may_be_in_an_array,
    bytes_may_be_one_of_several_arguments,
    bytes_may_be_optional,
    bytes_may_be_in_a_newtype_or_an_enum,
    bytes_may_be_in_a_tagged_enum,
    a_client_may_acknowledge_with_bytes,
    an_attachment_that_nobody_reads_does_not_shift_the_others,
    attachments_are_told_apart_by_their_number,
    bytes_of_any_value_and_size_survive,
    text_is_no_bytes,
];

async fn bytes_come_in_and_go_out(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        let ack = socket.emit_with_ack("bytes", json!([Socket::binary(&[1, 2, 3])])).await;
        assert_eq!(ack, json!([Socket::binary(&[3, 2, 1])]), "over {transport:?}");
    }
}

async fn bytes_may_be_anywhere_in_an_object(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        let picture = |main: &[u8], small: &[u8]| {
            json!({
                "name": "sea",
                "bytes": Socket::binary(main),
                "thumbnails": [
                    {"width": 1, "bytes": Socket::binary(small)},
                    {"width": 2, "bytes": null},
                ],
            })
        };
        let answer = socket.ask("picture", json!([picture(&[1, 2], &[3, 4, 5])])).await;
        assert_eq!(answer, picture(&[2, 1], &[5, 4, 3]), "over {transport:?}");
    }
}

async fn bytes_may_be_in_an_array(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        let album = json!([[Socket::binary(&[1, 2]), Socket::binary(&[]), Socket::binary(&[3])]]);
        let expected = json!([Socket::binary(&[2, 1]), Socket::binary(&[]), Socket::binary(&[3])]);
        assert_eq!(socket.ask("album", album).await, expected, "over {transport:?}");
        assert_eq!(socket.ask("album", json!([[]])).await, json!([]));
    }
}

async fn bytes_may_be_one_of_several_arguments(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    let ack = socket.emit_with_ack("labelled_bytes", json!(["sea", Socket::binary(&[1, 2])])).await;
    assert_eq!(ack, json!([Socket::binary(&[2, 1]), "sea"]));
}

async fn bytes_may_be_optional(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    let picture = json!({"name": "sea", "bytes": Socket::binary(&[1, 2]), "thumbnails": []});
    assert_eq!(socket.ask("optional_picture", json!([picture])).await, Socket::binary(&[2, 1]));
    assert_eq!(socket.ask("optional_picture", json!([])).await, json!(null));
}

async fn bytes_may_be_in_a_newtype_or_an_enum(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    let [bytes, reversed] = [Socket::binary(&[1, 2]), Socket::binary(&[2, 1])];
    assert_eq!(socket.ask("blob", json!([bytes])).await, reversed);
    for (media, expected) in [
        (json!("nothing"), json!("nothing")),
        (json!({"raw": bytes}), json!({"raw": reversed})),
        (json!({"titled": {"title": "a", "bytes": bytes}}), json!({"titled": {"title": "a", "bytes": reversed}})),
        (json!({"pair": [bytes, reversed]}), json!({"pair": [reversed, bytes]})),
    ] {
        assert_eq!(socket.ask("media", json!([media])).await, expected);
    }
}

async fn bytes_may_be_in_a_tagged_enum(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    for message in [
        json!({"kind": "voice", "bytes": Socket::binary(&[1, 2])}),
        json!({"bytes": Socket::binary(&[1, 2]), "kind": "voice"}),
    ] {
        let answer = socket.ask("message", json!([message])).await;
        assert_eq!(answer, json!({"kind": "voice", "bytes": Socket::binary(&[2, 1])}));
    }
}

async fn a_client_may_acknowledge_with_bytes(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        for [given, expected] in [[Socket::binary(&[1, 2]), Socket::binary(&[2, 1])], [json!(null), json!(null)]] {
            socket.answer("send_a_photo", json!([{"width": 1, "bytes": given}])).await;
            let photo = socket.ask("ask_for_a_photo", json!([])).await;
            assert_eq!(photo, json!({"width": 1, "bytes": expected}), "over {transport:?}");
        }
    }
}

async fn an_attachment_that_nobody_reads_does_not_shift_the_others(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    let picture = json!([{
        "a field of a newer client": {"deep": [Socket::binary(&[9, 9, 9])]},
        "name": "sea",
        "bytes": Socket::binary(&[1, 2]),
        "thumbnails": [],
    }]);
    let expected = json!({"name": "sea", "bytes": Socket::binary(&[2, 1]), "thumbnails": []});
    assert_eq!(socket.ask("picture", picture).await, expected);
}

async fn attachments_are_told_apart_by_their_number(world: World) {
    let probe = world.probe().await;
    let mut raw = probe.raw().await;
    raw.text("40/payloads,").await;
    raw.next_text("40/payloads,").await;
    raw.text(r#"452-/payloads,1["album",[{"_placeholder":true,"num":1},{"num":0,"_placeholder":true}]]"#).await;
    for attachment in [[1, 2], [3, 4]] {
        raw.send(2, &attachment).await.expect("the attachment is sent");
    }
    raw.next_text("462-/payloads,1[").await;
    assert_eq!(
        [raw.next_frame().await, raw.next_frame().await],
        [Frame::Binary(vec![4, 3]), Frame::Binary(vec![2, 1])]
    );
}

async fn bytes_of_any_value_and_size_survive(world: World) {
    let probe = world.probe().set("events.max_payload_size=1MiB").await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        for size in [0, 1, 125, 126, 65_535, 65_536, 300_000] {
            let bytes: Vec<u8> = (0..=255).cycle().take(size).collect();
            let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
            let answer = socket.ask("bytes", json!([Socket::binary(&bytes)])).await;
            assert!(answer == Socket::binary(&reversed), "{size} bytes over {transport:?}");
        }
    }
}

async fn text_is_no_bytes(world: World) {
    let probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    let error = socket.ask_error("bytes", json!(["text"])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0]")));
    let error = socket.ask_error("text", json!([Socket::binary(&[1])])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0]")));
    assert_eq!(socket.ask("text", json!(["still here"])).await, json!("still here"));
}
