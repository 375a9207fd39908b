//! The end of an application: what it waits for, and that nothing is left.

use crate::support::{eventually, start};
use std::time::Duration;
use tokio::runtime::Handle;

#[tokio::test]
async fn stopping_finishes_what_was_accepted_and_refuses_what_is_new() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let (held, waiting) = (ada.ask::<String>("hold", &()), ada.ask::<u32>("number", &1));
    started.journal.says("begun").await;
    let stopping = tokio::spawn(started.app.stop());
    tokio::task::yield_now().await;
    assert_eq!(ada.ask_error("refuse", &()).await.unwrap().code, "shutting_down");
    assert!(!stopping.is_finished(), "a handler still runs");
    started.gate.open();
    assert_eq!(held.await.unwrap(), "let go");
    assert_eq!(waiting.await.unwrap(), 1);
    stopping.await.unwrap();
    assert_eq!(started.journal.read(), ["begun", "ended", "1", "left: server shutting down"]);
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let started = start(&["server.shutdown_timeout=50ms"]).await;
    let ada = started.app.client("/work").await.unwrap();
    let held = ada.ask::<String>("hold", &());
    started.journal.says("begun").await;
    tokio::time::timeout(Duration::from_secs(10), started.app.stop()).await.unwrap();
    assert!(held.await.is_err());
}

#[tokio::test]
async fn nothing_is_left_of_an_application_that_was_stopped() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let idle = started.app.connect();
    assert_eq!(ada.ask::<u32>("number", &1).await.unwrap(), 1);
    started.app.stop().await;
    ada.ended().await.unwrap();
    eventually("the application is dropped", || started.witness.strong_count() == 0).await;
    eventually("its tasks have ended", || Handle::current().metrics().num_alive_tasks() == 0).await;
    drop((ada, idle));
}

#[tokio::test]
async fn nothing_is_left_of_an_application_that_was_dropped() {
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let (bob, idle) =
        (started.app.client("/who").auth(&serde_json::json!({"name": "Bob"})).await.unwrap(), started.app.connect());
    assert_eq!(ada.ask::<u32>("number", &1).await.unwrap(), 1);
    drop(started.app);
    ada.ended().await.unwrap();
    bob.ended().await.unwrap();
    started.journal.says("left: server shutting down").await;
    eventually("the application is dropped", || started.witness.strong_count() == 0).await;
    eventually("its tasks have ended", || Handle::current().metrics().num_alive_tasks() == 0).await;
    drop((ada, bob, idle));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_left_where_clients_come_while_an_application_ends() {
    for round in 0..20_u32 {
        let started = start(&[]).await;
        let coming: Vec<_> = (0..16).map(|_| tokio::spawn(started.app.client("/work").into_future())).collect();
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        drop(started.app);
        for client in coming {
            // let in or not: both may be
            let _ = client.await.unwrap();
        }
        eventually("the application is dropped", || started.witness.strong_count() == 0).await;
    }
}

#[test]
fn an_application_may_outlive_its_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (started, ada) = runtime.block_on(async {
        let started = start(&[]).await;
        let ada = started.app.client("/work").await.unwrap();
        (started, ada)
    });
    drop(runtime);
    drop((started.app, ada));
    assert_eq!(started.witness.strong_count(), 0);
}
