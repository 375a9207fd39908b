//! What a client sees when an event fails.

use lambdio_tests::{ErrorAnswer, Server, Socket, Transport, World, trials};
use serde_json::{Value, json};

trials![
    an_unknown_event_is_told,
    an_author_s_error_has_its_code_message_and_details,
    an_error_of_another_crate_is_internal_and_stays_inside,
    a_panic_is_internal_whenever_it_happens,
    a_deadline_of_the_handler_counts,
    a_deadline_of_the_configuration_counts,
    a_handler_is_switched_off_in_toml,
    a_reply_that_cannot_be_encoded_is_internal,
    an_event_that_cannot_be_encoded_is_an_error_of_its_handler,
    an_error_may_say_when_to_try_again,
    without_an_ack_errors_come_as_exception,
    an_error_harms_no_later_event,
    each_error_has_an_id_of_its_own,
];

async fn connected(probe: &Server) -> Socket {
    probe.client("ada").await.connect("/errors").await
}

/// What only the log may have.
fn hides(error: &ErrorAnswer, secret: &str) {
    let all = format!("{error:?}");
    assert!(!all.contains(secret), "{secret:?} is in {all}");
}

async fn an_unknown_event_is_told(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/errors").over(transport).await;
        let error = socket.ask_error("no_such_event", json!([1, {"a": 2}])).await;
        assert_eq!((error.code.as_str(), &error.details), ("unknown_event", &Value::Null));
        // served in another namespace only
        assert_eq!(socket.ask_error("text", json!(["hello"])).await.code, "unknown_event");
    }
}

async fn an_author_s_error_has_its_code_message_and_details(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    assert_eq!(socket.ask("edit", json!([1])).await, json!(1));
    let stale = socket.ask_error("edit", json!([2])).await;
    assert_eq!((stale.code.as_str(), stale.message.as_str()), ("stale_revision", "the document is at revision 7"));
    assert_eq!(stale.details, json!({"text": "newer"}));
    let missing = socket.ask_error("edit", json!([9])).await;
    assert_eq!((missing.code.as_str(), missing.message.as_str()), ("no_such_document", "there is no document 9"));
    assert_eq!(missing.details, Value::Null);
}

async fn an_error_of_another_crate_is_internal_and_stays_inside(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    for (event, args) in [("secret", json!([])), ("edit", json!([3]))] {
        let error = socket.ask_error(event, args).await;
        assert_eq!((error.code.as_str(), &error.details), ("internal", &Value::Null));
        hides(&error, "hunter2");
        let line = probe.log_contains(&error.id).await;
        assert!(line.contains("hunter2") && line.contains("ERROR"), "the cause is in the log: {line}");
    }
}

async fn a_panic_is_internal_whenever_it_happens(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    for event in ["panic_at_once", "panic_later"] {
        let error = socket.ask_error(event, json!([event])).await;
        assert_eq!((error.code.as_str(), &error.details), ("internal", &Value::Null));
        hides(&error, "hunter2");
        let line = probe.log_contains(&error.id).await;
        assert!(line.contains(&format!("hunter2 {event}")), "the panic's message is in the log: {line}");
    }
}

async fn a_deadline_of_the_handler_counts(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    let error = socket.ask_error("slow", json!([])).await;
    assert_eq!(error.code, "timeout");
    probe.log_contains(&error.id).await;
}

async fn a_deadline_of_the_configuration_counts(world: World) {
    let probe = world
        .probe()
        .set("events.timeout=150ms")
        .file("config/default.toml", "[handlers.\"/errors\".slow]\ntimeout = \"50ms\"\n")
        .await;
    let socket = connected(&probe).await;
    assert_eq!(socket.ask_error("slow_by_default", json!([])).await.code, "timeout");
    assert_eq!(socket.ask_error("slow", json!([])).await.code, "timeout");
}

async fn a_handler_is_switched_off_in_toml(world: World) {
    let off = "[handlers.\"/errors\".switched_off]\nenabled = false\n";
    let probe = world.probe().file("config/default.toml", off).await;
    let socket = connected(&probe).await;
    assert_eq!(socket.ask_error("switched_off", json!([])).await.code, "disabled");
    assert_eq!(socket.ask("fine", json!([])).await, json!(true));
    let probe = world.probe().set("handlers.\"/errors\".switched_off.enabled=false").await;
    assert_eq!(connected(&probe).await.ask_error("switched_off", json!([])).await.code, "disabled");
}

async fn a_reply_that_cannot_be_encoded_is_internal(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    let error = socket.ask_error("unserialisable", json!([])).await;
    assert_eq!((error.code.as_str(), &error.details), ("internal", &Value::Null));
    hides(&error, "key");
    probe.log_contains(&error.id).await;
}

async fn an_event_that_cannot_be_encoded_is_an_error_of_its_handler(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    let error = socket.ask_error("send_unserialisable", json!([])).await;
    assert_eq!(error.code, "internal");
    let line = probe.log_contains(&error.id).await;
    assert!(line.contains("cannot_be_sent"), "the log names the event: {line}");
    assert_eq!(socket.events_seen().await, []);
}

async fn an_error_may_say_when_to_try_again(world: World) {
    let probe = world.probe().await;
    let error = connected(&probe).await.ask_error("retry_later", json!([])).await;
    assert_eq!((error.code.as_str(), error.retry_after_ms), ("rate_limited", Some(1500)));
}

async fn without_an_ack_errors_come_as_exception(world: World) {
    let probe = world.probe().set("handlers.\"/errors\".switched_off.enabled=false").await;
    let ada = probe.client("ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/errors").over(transport).await;
        for (event, args, code) in [
            ("no_such_event", json!([]), "unknown_event"),
            ("cart", json!([1]), "invalid_payload"),
            ("edit", json!([2]), "stale_revision"),
            ("secret", json!([]), "internal"),
            ("panic_at_once", json!([""]), "internal"),
            ("panic_later", json!([""]), "internal"),
            ("slow", json!([]), "timeout"),
            ("switched_off", json!([]), "disabled"),
        ] {
            socket.emit(event, args).await;
            let (of, error) = socket.next_exception().await;
            assert_eq!((of, error.code.as_str()), (json!(event), code));
            hides(&error, "hunter2");
            probe.log_contains(&error.id).await;
        }
        // a reply that nobody asked for is not encoded, or fails; either way there is no acknowledgement
        assert_eq!(socket.ask("fine", json!([])).await, json!(true));
    }
}

async fn an_error_harms_no_later_event(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    for _ in 0..20 {
        for event in ["panic_at_once", "panic_later", "no_such_event"] {
            socket.ask_error(event, json!([""])).await;
        }
        assert_eq!(socket.ask("fine", json!([])).await, json!(true));
    }
}

async fn each_error_has_an_id_of_its_own(world: World) {
    let probe = world.probe().await;
    let socket = connected(&probe).await;
    let first = socket.ask_error("secret", json!([])).await;
    let second = socket.ask_error("secret", json!([])).await;
    assert_ne!(first.id, second.id);
    for error in [first, second] {
        probe.log_contains(&error.id).await;
    }
}
