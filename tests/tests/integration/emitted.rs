//! Events that the server sends, as they arrive.

use lambdio_tests::{Seen, Socket, Transport, World, trials};
use serde_json::{Value, json};

trials![every_shape_of_event_arrives_as_it_is, events_and_acknowledgements_keep_their_order];

fn seen(event: &str, args: Value) -> Seen {
    Seen { event: event.to_owned(), args }
}

async fn every_shape_of_event_arrives_as_it_is(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        socket.ask("emit_each_shape", json!([])).await;
        let bytes = Socket::binary(&[0, 1, 255]);
        let expected = [
            seen("renamed", json!(["Ada"])),
            seen("two_values", json!([[1, "two"]])),
            seen("moved", json!([3, 4])),
            seen("listed", json!(["Ada", "Bob"])),
            seen("listed", json!([])),
            seen("silence", json!([null])),
            seen("drawn", json!([{"Line": {"length": 5}}])),
            seen("drawn", json!(["Nothing"])),
            seen("painted", json!([{"picture": {"name": "sea", "bytes": bytes, "thumbnails": []}}])),
            seen("bytes_spread", json!(["sea", bytes])),
        ];
        assert_eq!(socket.events_seen().await, expected, "over {transport:?}");
    }
}

/// An acknowledgement that came before an event sent earlier would find fewer events.
async fn events_and_acknowledgements_keep_their_order(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/sending").over(transport).await;
        for number in 1..=20 {
            socket.ask("send", json!([{"to": "me", "text": number.to_string()}])).await;
            assert_eq!(socket.events_seen().await.len(), number, "over {transport:?}");
        }
    }
}
