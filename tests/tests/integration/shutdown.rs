//! The end of a server.

use lambdio_tests::{Signal, Transport, World, trials};
use serde_json::{Value, json};
use std::time::Duration;

trials![
    a_signal_ends_an_idle_server,
    accepted_work_is_finished,
    an_answer_waits_for_a_client_that_polls_late,
    new_work_is_refused_while_the_server_stops,
    work_that_takes_too_long_is_cut_off,
    a_second_signal_ends_at_once,
    disconnect_handlers_run_at_the_end,
];

async fn a_signal_ends_an_idle_server(world: World) {
    for signal in [Signal::TERM, Signal::INT] {
        let mut probe = world.probe().await;
        let ada = probe.client("ada").await;
        let (socket, polling) = (ada.connect("/errors").await, ada.connect("/errors").over(Transport::Polling).await);
        probe.signal(signal);
        assert_eq!(probe.wait_exit().await, Some(0));
        assert!(!socket.gone().await.is_empty());
        assert!(!polling.gone().await.is_empty());
    }
}

async fn accepted_work_is_finished(world: World) {
    let mut probe = world.probe().await;
    for transport in Transport::BOTH {
        let socket = probe.client("ada").await.connect("/life").over(transport).await;
        socket.ask("hello", json!([])).await;
        let (acks, ()) = tokio::join!(socket.burst("work", (0..100).map(|number| json!([number])).collect()), async {
            probe.log().line_with(["served", "work"]).await;
            probe.signal(Signal::TERM);
        });
        let finished = acks.iter().filter(|(number, ack)| ack == &json!([number])).count();
        let refused = acks.iter().filter(|(_, ack)| ack[0]["error"]["code"] == "shutting_down").count();
        assert_eq!(finished + refused, 100, "each of them is answered over {transport:?}: {acks:?}");
        assert!(finished > 0);
        assert_eq!(probe.wait_exit().await, Some(0));
        probe = world.probe().await;
    }
}

async fn an_answer_waits_for_a_client_that_polls_late(world: World) {
    let mut probe = world.probe().await;
    let ada = probe.client("ada").await;
    let opened = ada.get("/socket.io/?EIO=4&transport=polling").await;
    let session: Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
    for packet in ["40/payloads,", "42/payloads,1[\"text\",\"late\"]"] {
        assert_eq!(ada.request("POST", &path).body(packet).await.status, 200);
    }
    probe.log().line_with(["served", "event=text"]).await;
    probe.signal(Signal::TERM);
    probe.log_contains("stopping").await;
    // longer than it takes to stop where nobody waits for an answer
    tokio::time::sleep(Duration::from_millis(500)).await;
    let polled = ada.get(&path).await.text;
    assert!(polled.contains("43/payloads,1[\"late\"]"), "{polled}");
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn new_work_is_refused_while_the_server_stops(world: World) {
    let mut probe = world.probe().set("handlers.\"/errors\".slow.timeout=4s").await;
    let ada = probe.client("ada").await;
    let busy = ada.connect("/errors").await;
    let other = ada.connect("/payloads").beside(&busy).await;
    let (slow, ()) = tokio::join!(busy.ask_error("slow", json!([])), async {
        // a connection's events are taken in order
        other.ask("text", json!(["x"])).await;
        probe.signal(Signal::TERM);
        probe.log_contains("stopping").await;
        assert_eq!(other.ask_error("text", json!(["x"])).await.code, "shutting_down");
        assert_eq!(ada.connect("/guarded").beside(&other).refused().await.message, "shutting_down");
    });
    assert_eq!(slow.code, "timeout", "what was accepted is answered");
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn work_that_takes_too_long_is_cut_off(world: World) {
    let mut probe = world.probe().set("server.shutdown_timeout=300ms").await;
    let socket = probe.client("ada").await.connect("/errors").await;
    socket.emit("slow_by_default", json!([])).await;
    assert_eq!(probe.client("bob").await.connect("/errors").await.ask("fine", json!([])).await, json!(true));
    probe.signal(Signal::TERM);
    probe.log_contains("shutdown_timeout passed").await;
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn a_second_signal_ends_at_once(world: World) {
    let mut probe = world.probe().set("server.shutdown_timeout=1h").set("events.timeout=1h").await;
    let socket = probe.client("ada").await.connect("/errors").await;
    socket.emit("slow_by_default", json!([])).await;
    assert_eq!(probe.client("bob").await.connect("/errors").await.ask("fine", json!([])).await, json!(true));
    probe.signal(Signal::TERM);
    probe.log_contains("stopping").await;
    probe.signal(Signal::TERM);
    assert!(probe.wait_exit().await.is_some());
}

async fn disconnect_handlers_run_at_the_end(world: World) {
    let mut probe = world.probe().await;
    let socket = probe.client("ada").await.connect("/life").await;
    socket.ask("hello", json!([])).await;
    probe.signal(Signal::TERM);
    probe.log().line_with(["client left", "server shutting down"]).await;
    assert_eq!(probe.wait_exit().await, Some(0));
}
