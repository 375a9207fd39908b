//! Every failure is answered once, and costs nobody else anything.

use crate::support::start;
use lambdio::testing::ClientError;
use serde_json::{Value, json};

#[tokio::test]
async fn a_deadline_is_answered_and_what_waits_behind_it_is_served() {
    let started = start(&["handlers.\"/work\".hold.timeout=500ms"]).await;
    let ada = started.app.client("/work").await.unwrap();
    let (late, next) = (ada.ask_error("hold", &()), ada.ask::<u32>("number", &1));
    assert_eq!(late.await.unwrap().code, "timeout");
    assert_eq!(next.await.unwrap(), 1);
    assert_eq!(started.journal.read(), ["begun", "1"], "the handler was dropped");
}

#[tokio::test]
async fn a_panic_is_answered_without_its_message() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let refused = ada.ask_error("explode", &()).await.unwrap();
    assert_eq!(refused.code, "internal");
    assert!(!refused.message.contains("hunter2"), "{refused:?}");
    assert_eq!(ada.ask::<u32>("number", &1).await.unwrap(), 1, "the socket goes on");
}

#[tokio::test]
async fn what_comes_too_often_is_told_when_to_try_again() {
    let started = start(&["handlers.\"/work\".number.rate_limit.per_socket=\"2/min\""]).await;
    let (ada, bob) = (started.app.client("/work").await.unwrap(), started.app.client("/work").await.unwrap());
    assert_eq!(ada.ask::<u32>("number", &1).await.unwrap(), 1);
    assert_eq!(ada.ask::<u32>("number", &2).await.unwrap(), 2);
    let refused = ada.ask_error("number", &3).await.unwrap();
    assert_eq!(refused.code, "rate_limited");
    assert!((1..=30_000).contains(&refused.retry_after_ms.unwrap()), "{refused:?}");
    assert_eq!(bob.ask::<u32>("number", &1).await.unwrap(), 1, "another socket");
    assert_eq!(ada.ask_args::<u32>("sum", &(1, 2)).await.unwrap(), 3, "another event");
    assert_eq!(started.journal.read(), ["1", "2", "1"]);
}

#[tokio::test]
async fn a_payload_of_another_shape_is_refused_with_its_place() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let refused = ada.ask_error("number", &"two").await.unwrap();
    assert_eq!(refused.code, "invalid_payload");
    assert!(refused.details["reason"].is_string(), "{refused:?}");
}

#[tokio::test]
async fn without_an_acknowledgement_a_failure_is_the_event_exception() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    ada.emit("refuse", &()).unwrap();
    let exception: Value = ada.next("exception").await.unwrap();
    assert_eq!((&exception["event"], &exception["error"]["code"]), (&json!("refuse"), &json!("forbidden")));
}

#[tokio::test]
async fn what_nobody_serves_is_answered() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    assert_eq!(ada.ask_error("nonsense", &()).await.unwrap().code, "unknown_event");
    let nowhere = started.app.client("/nowhere").await.unwrap_err();
    assert!(matches!(nowhere, ClientError::NotLetIn { .. }), "{nowhere}");
}
