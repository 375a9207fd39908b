//! `[socketio]`.

use super::{
    Row,
    clients::{newcomer, status_for_a_page_of, what_ends_first},
    live,
    looks::{before, for_a_while, guest, member, new_address, new_name, told},
    restart, with,
};
use lambdio_tests::{Client, Frame, Server, World, eventually};
use serde_json::{Value, json};

pub(super) fn rows() -> Vec<Row> {
    heartbeat_and_sizes().into_iter().chain(who_gets_in_and_where()).collect()
}

fn heartbeat_and_sizes() -> Vec<Row> {
    vec![
        restart(
            "socketio.path",
            World::probe,
            [with("socketio.path = \"/socket.io\"", "/socket.io"), with("socketio.path = \"/live\"", "/live")],
            paths_of_the_endpoint,
        ),
        restart(
            "socketio.ping_interval",
            World::probe,
            [with("socketio.ping_interval = \"1h\"", "quiet"), with("socketio.ping_interval = \"100ms\"", "pings")],
            pings,
        ),
        restart(
            "socketio.ping_timeout",
            |world| world.probe().set("socketio.ping_interval=100ms"),
            [with("socketio.ping_timeout = \"1h\"", "stays"), with("socketio.ping_timeout = \"100ms\"", "is gone")],
            who_says_nothing,
        ),
        restart(
            "socketio.connect_timeout",
            World::probe,
            [
                with("socketio.connect_timeout = \"1h\"", "stays"),
                with("socketio.connect_timeout = \"100ms\"", "is gone"),
            ],
            who_says_nothing,
        ),
        live(
            "socketio.ack_timeout",
            |world| world.probe().set("handlers.\"/sending\".ask_me_by_default.timeout=1s"),
            [
                with("socketio.ack_timeout = \"1h\"", "the event ends first"),
                with("socketio.ack_timeout = \"100ms\"", "the question ends first"),
            ],
            async |server| what_ends_first(server, "ask_me_by_default", json!([])).await,
        ),
        restart(
            "socketio.max_message_size",
            |world| world.probe().set("events.max_payload_size=1MiB"),
            [
                with("socketio.max_message_size = \"1MiB\"", "answered"),
                with("socketio.max_message_size = \"64KiB\"", "disconnected"),
            ],
            a_long_message,
        ),
        live(
            "socketio.max_unsent_size",
            World::probe,
            [
                with("socketio.max_unsent_size = \"8MiB\"", "stays"),
                with("socketio.max_unsent_size = \"100kB\"", "slow consumer"),
            ],
            who_does_not_poll,
        ),
        live(
            "socketio.total_unsent_size",
            |world| world.probe().set("socketio.max_unsent_size=400kB"),
            [
                with("socketio.total_unsent_size = \"512MiB\"", "both stay"),
                with("socketio.total_unsent_size = \"400kB\"", "one leaves"),
            ],
            two_who_do_not_poll,
        ),
    ]
}

fn who_gets_in_and_where() -> Vec<Row> {
    vec![
        live(
            "socketio.max_rooms",
            World::probe,
            [with("socketio.max_rooms = 2", "overloaded"), with("socketio.max_rooms = 3", "3")],
            three_rooms,
        ),
        live(
            "socketio.connect_rate_limit.per_user",
            World::members,
            [
                with("socketio.connect_rate_limit.per_user = \"1/h\"", "1"),
                with("socketio.connect_rate_limit.per_user = \"3/h\"", "3"),
            ],
            async |server| let_in(&member(server).await, "/members", json!({})).await,
        ),
        live(
            "socketio.connect_rate_limit.per_address",
            |world| world.probe().set("server.trusted_proxies=[\"127.0.0.1\"]"),
            [
                with("socketio.connect_rate_limit.per_address = \"1/h\"", "1"),
                with("socketio.connect_rate_limit.per_address = \"3/h\"", "3"),
            ],
            async |server| {
                let headers = json!({ "x-forwarded-for": new_address() });
                let_in(&guest(server).await, "/payloads", headers).await
            },
        ),
        live(
            "socketio.origins",
            World::probe,
            [
                with("socketio.origins = [\"https://pages.example.net\"]", "200"),
                with("socketio.origins = [\"https://other.example.net\"]", "403"),
            ],
            async |server| status_for_a_page_of("https://pages.example.net", server).await,
        ),
    ]
}

/// Where the endpoint is.
async fn paths_of_the_endpoint(server: &Server) -> String {
    let ada = server.client("ada").await;
    let mut paths = Vec::new();
    for path in ["/socket.io", "/live"] {
        if ada.get(&format!("{path}/?EIO=4&transport=polling")).await.status == 200 {
            paths.push(path);
        }
    }
    paths.join(" and ")
}

async fn pings(server: &Server) -> String {
    let mut raw = server.raw().await;
    // the first one comes at once, and the next one after the first is answered
    raw.next_text("2").await;
    raw.text("3").await;
    if for_a_while("quiet", raw.next_text("2")).await.is_some() { "pings" } else { "quiet" }.to_owned()
}

/// What becomes of a client that neither answers pings nor joins a namespace.
async fn who_says_nothing(server: &Server) -> String {
    let mut raw = server.raw().await;
    if for_a_while("stays", raw.closed()).await.is_some() { "is gone" } else { "stays" }.to_owned()
}

async fn a_long_message(server: &Server) -> String {
    let mut raw = server.raw().await;
    raw.text("40/payloads,").await;
    raw.next_text("40/payloads,").await;
    // it may be closed before all of it is sent
    let _ = raw.send(1, format!("42/payloads,1[\"text\",\"{}\"]", "x".repeat(100_000)).as_bytes()).await;
    loop {
        match raw.next_frame().await {
            Frame::Text(ping) if ping == "2" => {}
            Frame::Text(text) if text.starts_with("43/payloads,1[\"xxx") => return "answered".to_owned(),
            Frame::Closed => return "disconnected".to_owned(),
            other => return format!("{other:?}"),
        }
    }
}

/// What becomes of a client of polling that does not poll, while others are loud.
async fn who_does_not_poll(server: &Server) -> String {
    let (name, silent) = who_is_silent(server).await;
    noise(server).await;
    let leaves = eventually("it leaves", async || said_of(&silent, &name).await.get(1).map(|_| ()));
    if for_a_while("stays", leaves).await.is_some() {
        said_of(&silent, &name).await[1].trim_start_matches("left: ").to_owned()
    } else {
        "stays".to_owned()
    }
}

async fn two_who_do_not_poll(server: &Server) -> String {
    let both = [who_is_silent(server).await, who_is_silent(server).await];
    noise(server).await;
    let leaves = eventually("one of them leaves", async || {
        for (name, silent) in &both {
            if said_of(silent, name).await.iter().any(|said| said == "left: slow consumer") {
                return Some(());
            }
        }
        None
    });
    if for_a_while("both stay", leaves).await.is_some() { "one leaves" } else { "both stay" }.to_owned()
}

/// Somebody in `/life` who never polls again, and the name under which the journal knows them.
async fn who_is_silent(server: &Server) -> (String, Client) {
    let name = new_name().replace(' ', "-");
    let silent = server.client(&name).await;
    let opened = silent.get(&format!("/socket.io/?EIO=4&transport=polling&client={name}")).await;
    let session: Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
    assert_eq!(silent.request("POST", &path).body("40/life,").await.status, 200);
    eventually("it is in", async || said_of(&silent, &name).await.first().map(|_| ())).await;
    (name, silent)
}

/// Everybody in `/life` is sent 300 kB.
async fn noise(server: &Server) {
    let loud = newcomer(server, "/life").await;
    loud.ask("noise", json!([3])).await;
    loud.close().await;
}

/// What the journal says of a client.
async fn said_of(reader: &Client, name: &str) -> Vec<String> {
    let entries = reader.get("/life/journal").await.json;
    let entries = entries.as_array().into_iter().flatten().filter(|entry| entry["client"] == name);
    entries.filter_map(|entry| entry["what"].as_str().map(str::to_owned)).collect()
}

async fn three_rooms(server: &Server) -> String {
    let answer = newcomer(server, "/limits").await.ask("join", json!([["one", "two", "three"]])).await;
    told(&answer)
}

/// How often somebody is let in before it is too often.
async fn let_in(client: &Client, namespace: &str, headers: Value) -> String {
    before("rate_limited", async || {
        let opened = client.connect(namespace).headers(headers.clone()).open().await;
        opened.map_or_else(|refusal| refusal.message, |_| "let in".to_owned())
    })
    .await
}
