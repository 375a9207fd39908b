//! Events of one socket, one at a time and in order.

use crate::support::start;
use futures_util::future::join_all;

const EVENTS: u32 = 2000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_events_run_in_order_and_are_all_answered_twenty_times_in_a_row() {
    let started = start(&[]).await;
    let expected: Vec<String> = (0..EVENTS).map(|number| number.to_string()).collect();
    for round in 0..20 {
        let client = started.app.client("/work").await.unwrap();
        let before = started.journal.read().len();
        let answers = join_all((0..EVENTS).map(|number| client.ask::<u32>("number", &number))).await;
        let answers: Vec<u32> = answers.into_iter().collect::<Result<_, _>>().unwrap();
        assert_eq!(answers, (0..EVENTS).collect::<Vec<_>>(), "acknowledgements in round {round}");
        assert_eq!(started.journal.read()[before..], expected, "handlers in round {round}");
        client.disconnect().await.unwrap();
        let rounds_left = round + 1;
        let left = || started.journal.read().iter().filter(|entry| entry.starts_with("left")).count();
        crate::support::eventually("the disconnect handler", || left() == rounds_left).await;
    }
    started.app.stop().await;
}

#[tokio::test]
async fn sockets_do_not_wait_for_each_other() {
    let started = start(&[]).await;
    let (ada, bob) = (started.app.client("/work").await.unwrap(), started.app.client("/work").await.unwrap());
    let held = ada.ask::<String>("hold", &());
    started.journal.says("begun").await;
    assert_eq!(bob.ask::<u32>("number", &1).await.unwrap(), 1);
    started.gate.open();
    assert_eq!(held.await.unwrap(), "let go");
}
