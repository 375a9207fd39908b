//! `[events]`.

use super::{
    Row,
    clients::{newcomer, served, what_ends_first},
    live,
    looks::{guest, member, new_address, told},
    with,
};
use lambdio_tests::{Server, World, eventually};
use serde_json::json;

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "events.timeout",
            World::probe,
            [
                with("events.timeout = \"1h\"", "the question ends first"),
                with("events.timeout = \"100ms\"", "the event ends first"),
            ],
            async |server| what_ends_first(server, "ask_me", json!([{ "timeout_ms": 3000 }])).await,
        ),
        live(
            "events.queue_length",
            World::probe,
            [with("events.queue_length = 2", "1 of 3 refused"), with("events.queue_length = 3", "0 of 3 refused")],
            async |server| refused(server, &[3]).await,
        ),
        live(
            "events.queue_size",
            |world| world.probe().set("socketio.max_message_size=20kB"),
            [
                with("events.queue_size = \"20kB\"", "1 of 3 refused"),
                with("events.queue_size = \"1MiB\"", "0 of 3 refused"),
            ],
            async |server| refused(server, &[3]).await,
        ),
        live(
            "events.total_queue_size",
            |world| world.probe().set("socketio.max_message_size=20kB").set("events.queue_size=20kB"),
            [
                with("events.total_queue_size = \"20kB\"", "1 of 3 refused"),
                with("events.total_queue_size = \"1MiB\"", "0 of 3 refused"),
            ],
            async |server| refused(server, &[2, 1]).await,
        ),
        live(
            "events.max_parallel_invocations",
            |world| world.probe().set("handlers.\"/limits\".wait.timeout=4s"),
            [
                with("events.max_parallel_invocations = 1", "one after the other"),
                with("events.max_parallel_invocations = 2", "side by side"),
            ],
            order_of_two,
        ),
        live(
            "events.max_in_flight",
            |world| world.probe().set("handlers.\"/limits\".length.timeout=2s"),
            [with("events.max_in_flight = 1", "timeout"), with("events.max_in_flight = 2", "1")],
            beside_one_that_waits,
        ),
        live(
            "events.max_payload_size",
            World::probe,
            [
                with("events.max_payload_size = \"1kB\"", "payload_too_large"),
                with("events.max_payload_size = \"3kB\"", "2000"),
            ],
            async |server| {
                let socket = newcomer(server, "/limits").await;
                told(&socket.ask("length", json!(["x".repeat(2000)])).await)
            },
        ),
        live(
            "events.blocking_threads",
            |world| world.probe().set("handlers.\"/blocking\".work.timeout=1s"),
            [with("events.blocking_threads = 1", "timeout"), with("events.blocking_threads = 2", "1")],
            beside_one_that_blocks,
        ),
        live(
            "events.rate_limit.per_socket",
            World::probe,
            [with("events.rate_limit.per_socket = \"1/h\"", "1"), with("events.rate_limit.per_socket = \"3/h\"", "3")],
            async |server| served(&newcomer(server, "/limits").await, "most").await,
        ),
        live(
            "events.rate_limit.per_user",
            World::members,
            [with("events.rate_limit.per_user = \"1/h\"", "1"), with("events.rate_limit.per_user = \"3/h\"", "3")],
            async |server| served(&member(server).await.connect("/members").await, "who_am_i").await,
        ),
        live(
            "events.rate_limit.per_address",
            |world| world.probe().set("server.trusted_proxies=[\"127.0.0.1\"]"),
            [
                with("events.rate_limit.per_address = \"1/h\"", "1"),
                with("events.rate_limit.per_address = \"3/h\"", "3"),
            ],
            async |server| {
                let somebody = guest(server).await.connect("/limits");
                served(&somebody.headers(json!({ "x-forwarded-for": new_address() })).await, "most").await
            },
        ),
    ]
}

/// How many events are refused because of what waits already: so many of each socket, of 8 kB each, while another one is
/// served.
async fn refused(server: &Server, of_each: &[usize]) -> String {
    let (mut sent, mut refused) = (0, 0);
    for count in of_each {
        let client = guest(server).await;
        let socket = client.connect("/limits").await;
        let beside = client.connect("/payloads").beside(&socket).await;
        let before = running(server).await;
        socket.emit("wait", json!([0])).await;
        eventually("it is served", async || (running(server).await > before).then_some(())).await;
        for _ in 0..*count {
            socket.emit("length", json!(["x".repeat(8000)])).await;
        }
        // a connection's events are taken or refused in order
        beside.ask("text", json!(["the last one"])).await;
        sent += count;
        refused += socket.events_seen().await.iter().filter(|seen| seen.event == "exception").count();
    }
    open(server).await;
    format!("{refused} of {sent} refused")
}

/// How many wait for [`open`].
async fn running(server: &Server) -> u64 {
    server.client("reader").await.get("/limits/running").await.json.as_u64().expect("a number")
}

/// Lets everybody go who waits.
async fn open(server: &Server) {
    let opener = server.client("opener").await;
    eventually("nobody waits", async || {
        opener.post("/limits/open", json!({})).await;
        (running(server).await == 0).then_some(())
    })
    .await;
}

/// Two events of one socket, of which the first one ends at its deadline, as a failure.
async fn order_of_two(server: &Server) -> String {
    let socket = newcomer(server, "/limits").await;
    socket.emit("wait", json!([1])).await;
    assert_eq!(socket.ask("length", json!(["x"])).await, json!(1));
    let first_has_ended = socket.events_seen().await.iter().any(|seen| seen.event == "exception");
    if first_has_ended { "one after the other" } else { "side by side" }.to_owned()
}

/// How an event is answered while another socket's is served.
async fn beside_one_that_waits(server: &Server) -> String {
    let (first, second) = (newcomer(server, "/limits").await, newcomer(server, "/limits").await);
    first.emit("wait", json!([1])).await;
    eventually("it is served", async || (running(server).await == 1).then_some(())).await;
    let answered = told(&second.ask("length", json!(["x"])).await);
    open(server).await;
    answered
}

/// How a blocking event is answered while another one blocks.
async fn beside_one_that_blocks(server: &Server) -> String {
    let socket = newcomer(server, "/blocking").await;
    // it blocks on after its own deadline of 100 ms
    assert_eq!(socket.ask_error("overrun", json!([3500])).await.code, "timeout");
    let answered = told(&socket.ask("work", json!([1])).await);
    let reader = server.client("reader").await;
    eventually("nothing blocks", async || (reader.get("/blocking").await.json[0] == 0).then_some(())).await;
    answered
}
