//! What a test client brings, sends, and is sent.

use crate::support::start;
use lambdio::testing::{ClientError, Request};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn handlers_see_what_a_client_brings() {
    let started = start(&[]).await;
    let client = started.app.client("/who").auth(&json!({"name": "Ada"})).query("room=1").query("x=%20");
    let client = client.header("accept-language", "en").await.unwrap();
    assert!(client.ask::<bool>("are_you_there", &()).await.unwrap());
    assert_eq!(started.journal.read(), ["Ada Some(\"1\") Some(\"en\") Some(127.0.0.1:0)"]);
}

#[tokio::test]
async fn a_client_that_is_refused_learns_the_code() {
    let started = start(&[]).await;
    let refused = started.app.client("/who").await.unwrap_err();
    assert_eq!(refused.to_string(), "not let into /who: forbidden");
}

#[tokio::test]
async fn a_path_of_ones_own_is_found() {
    let started = start(&["socketio.path=/live"]).await;
    let ada = started.app.client("/work").await.unwrap();
    assert_eq!(ada.ask::<u32>("number", &1).await.unwrap(), 1);
}

#[tokio::test]
async fn events_wait_until_they_are_asked_for_by_name() {
    let started = start(&[]).await;
    let (ada, bob) = (started.app.client("/work").await.unwrap(), started.app.client("/work").await.unwrap());
    for text in ["one", "two"] {
        let () = ada.ask("shout", &text).await.unwrap();
    }
    bob.emit("nonsense", &()).unwrap();
    let exception: Value = bob.next("exception").await.unwrap();
    assert_eq!(exception["error"]["code"], "unknown_event");
    assert_eq!(bob.next::<String>("heard").await.unwrap(), "one");
    assert_eq!(bob.next::<String>("heard").await.unwrap(), "two");
}

#[tokio::test]
async fn several_arguments_go_one_by_one() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    assert_eq!(ada.ask_args::<u32>("sum", &(2, 3)).await.unwrap(), 5);
    let refused = ada.ask_args::<u32>("sum", &"no list").await.unwrap_err();
    assert!(matches!(refused, ClientError::Shape { .. }), "{refused}");
}

#[tokio::test]
async fn a_question_of_the_server_is_answered() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let decided = ada.ask::<bool>("decide", &());
    ada.answer("sure", |asked: String| asked == "really").await.unwrap();
    assert!(decided.await.unwrap());
}

#[tokio::test]
async fn waits_end_and_say_what_came_instead() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").patience(Duration::from_secs(1)).await.unwrap();
    let () = ada.ask("shout", &"hello").await.unwrap();
    let late = ada.next::<Value>("herd").await.unwrap_err();
    assert_eq!(late.to_string(), "waited 1s for the event herd; what waits: heard (1)");
    let late = ada.ask::<Value>("hold", &()).await.unwrap_err();
    assert_eq!(late.to_string(), "waited 1s for the answer to hold; what waits: heard (1)");
}

#[tokio::test]
async fn a_served_event_is_no_error() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    assert_eq!(ada.ask_error("number", &7).await.unwrap_err().to_string(), "number was served, with the answer 7");
}

#[tokio::test]
async fn a_client_that_is_put_out_is_told() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    ada.emit("put_me_out", &()).unwrap();
    assert_eq!(ada.ended().await.unwrap(), "the server has put the client out");
    let ended = ada.next::<Value>("heard").await.unwrap_err();
    assert!(matches!(ended, ClientError::Ended { .. }), "{ended}");
}

#[tokio::test]
async fn a_goodbye_and_a_cut_look_different_to_handlers() {
    let started = start(&[]).await;
    started.app.client("/work").await.unwrap().disconnect().await.unwrap();
    started.journal.says("left: client namespace disconnect").await;
    drop(started.app.client("/work").await.unwrap());
    crate::support::eventually("the cut is noticed", || started.journal.read().len() == 2).await;
    assert!(started.journal.read()[1].starts_with("left: transport"), "{:?}", started.journal.read());
}

#[tokio::test]
async fn routes_are_served() {
    let started = start(&[]).await;
    started.journal.write("hello");
    let answer = started.app.request(Request::get("/journal").body("").unwrap()).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (200, br#"["hello"]"#.as_slice()));
    let answer = started.app.request(Request::get("/nothing").body("").unwrap()).await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
}
