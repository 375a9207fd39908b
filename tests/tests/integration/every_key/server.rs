//! `[server]`.

use super::{
    Row,
    clients::{newcomer, status_for_a_page_of},
    live, live_to_the_end,
    looks::{for_a_while, guest, new_name, own_host, told},
    restart, start, with,
};
use lambdio_tests::{Certificate, Program, Server, Signal, World, eventually};
use serde_json::json;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        restart(
            "server.host",
            World::probe,
            [with("server.host = \"127.0.0.1\"", "127.0.0.1"), with("server.host = \"127.0.0.3\"", "127.0.0.3")],
            async |server| address_that_answers(server).await.0,
        ),
        restart(
            "server.port",
            |world| world.probe().without_env("LAMBDIO__SERVER__PORT").set(&format!("server.host={}", own_host())),
            [with("server.port = 21001", "21001"), with("server.port = 21002", "21002")],
            async |server| address_that_answers(server).await.1,
        ),
        live(
            "server.public_urls",
            World::probe,
            [
                with("server.public_urls = []", "403"),
                with("server.public_urls = [\"https://docs.example.org\"]", "200"),
            ],
            async |server| status_for_a_page_of("https://docs.example.org", server).await,
        ),
        live(
            "server.trusted_proxies",
            World::probe,
            [
                with("server.trusted_proxies = [\"10.0.0.0/8\"]", "127.0.0.1"),
                with("server.trusted_proxies = [\"127.0.0.1\"]", "192.0.2.1:0"),
            ],
            address_behind_a_proxy,
        ),
        live(
            "server.max_connections",
            World::probe,
            [with("server.max_connections = 2", "2"), with("server.max_connections = 4", "4")],
            connections_held,
        ),
        live(
            "server.max_connections_per_address",
            World::probe,
            [with("server.max_connections_per_address = 4", "4"), with("server.max_connections_per_address = 2", "2")],
            connections_held,
        ),
        live(
            "server.header_timeout",
            World::probe,
            [with("server.header_timeout = \"1h\"", "waits"), with("server.header_timeout = \"100ms\"", "ends")],
            half_a_head,
        ),
        live(
            "server.body_timeout",
            World::probe,
            [with("server.body_timeout = \"1h\"", "waits"), with("server.body_timeout = \"100ms\"", "408")],
            half_a_body,
        ),
        live_to_the_end(
            "server.shutdown_delay",
            World::probe,
            [
                with("server.shutdown_delay = \"1h\"", "new work is served"),
                with("server.shutdown_delay = \"0s\"", "new work: shutting_down"),
            ],
            new_work_after_a_signal,
        ),
        live_to_the_end(
            "server.shutdown_timeout",
            |world| world.probe().set("handlers.\"/errors\".slow.timeout=3s"),
            [
                with("server.shutdown_timeout = \"1h\"", "work is finished"),
                with("server.shutdown_timeout = \"100ms\"", "work is cut off"),
            ],
            end_of_accepted_work,
        ),
        live(
            "server.write_stall_timeout",
            |world| world.probe().set("socketio.max_unsent_size=256MiB"),
            [
                with("server.write_stall_timeout = \"1h\"", "stays"),
                with("server.write_stall_timeout = \"100ms\"", "is cut off"),
            ],
            who_does_not_read,
        ),
        start(
            "server.allow_insecure",
            |world| world.probe().set("server.host=0.0.0.0"),
            [
                with("server.allow_insecure = false", "refused"),
                with("server.allow_insecure = true", "listens, with a warning"),
            ],
            reachable_from_outside,
        ),
        certificate("server.tls.cert_file"),
        certificate("server.tls.key_file"),
    ]
}

/// Host and port, where the server answers.
async fn address_that_answers(server: &Server) -> (String, String) {
    assert_eq!(server.client("ada").await.get("/greeting").await.status, 200);
    let (host, port) = server.address().split_once(':').expect("host and port");
    (host.to_owned(), port.to_owned())
}

async fn address_behind_a_proxy(server: &Server) -> String {
    let answer = server.client("ada").await.get("/address").header("x-forwarded-for", "192.0.2.1").await;
    answer.json.as_str().unwrap_or_default().to_owned()
}

/// How many connections are served that stay open. None is left at the end.
async fn connections_held(server: &Server) -> String {
    // that there is none is believed the second time, too
    let mut before = usize::MAX;
    // the places of a look before may become free while this one counts
    eventually("two looks see the same", async || {
        let mut held = Vec::new();
        while held.len() < 10
            && let Some(connection) = served_connection(server).await
        {
            held.push(connection);
        }
        let seen = std::mem::replace(&mut before, held.len());
        (seen == before).then(|| before.to_string())
    })
    .await
}

/// A connection that was answered and stays open, unless it is closed at once.
async fn served_connection(server: &Server) -> Option<TcpStream> {
    let mut connection = tcp(server).await;
    // where there is no place for it, it may be closed before this
    connection.write_all(b"GET /greeting HTTP/1.1\r\nHost: x\r\n\r\n").await.ok()?;
    let read = connection.read(&mut [0; 1024]).await.unwrap_or_default();
    (read > 0).then_some(connection)
}

async fn tcp(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.expect("the kernel takes connections")
}

async fn half_a_head(server: &Server) -> String {
    let mut connection = tcp(server).await;
    connection.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.expect("the server reads");
    let end = for_a_while("waits", connection.read_to_end(&mut Vec::new())).await;
    if end.is_some() { "ends" } else { "waits" }.to_owned()
}

/// The status with which half a body is answered.
async fn half_a_body(server: &Server) -> String {
    let mut connection = tcp(server).await;
    let half = b"POST /errors/cart HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    connection.write_all(half).await.expect("the server reads");
    let mut answer = [0; 12];
    if for_a_while("waits", connection.read_exact(&mut answer)).await.is_none() {
        return "waits".to_owned();
    }
    String::from_utf8_lossy(&answer).trim_start_matches("HTTP/1.1 ").to_owned()
}

/// What becomes of work that comes after a signal to stop, while older work goes on.
async fn new_work_after_a_signal(mut server: Server) -> String {
    let ada = server.client("ada").await;
    let busy = ada.connect("/limits").await;
    let errors = ada.connect("/errors").beside(&busy).await;
    busy.emit("wait", json!([1])).await;
    eventually("it waits", async || (ada.get("/limits/running").await.json == 1).then_some(())).await;
    server.signal(Signal::TERM);
    // of the delay, or of the end of it
    server.log_contains("(server.shutdown_").await;
    let answer = errors.ask("fine", json!([])).await;
    server.signal(Signal::TERM);
    server.log_contains("at the second signal").await;
    assert_eq!(server.wait_exit().await, Some(0));
    if answer == json!(true) { "new work is served".to_owned() } else { format!("new work: {}", told(&answer)) }
}

/// What becomes of work that takes a second.
async fn end_of_accepted_work(mut server: Server) -> String {
    let ada = server.client("ada").await;
    let errors = ada.connect("/errors").await;
    let beside = ada.connect("/payloads").beside(&errors).await;
    errors.emit("slow", json!([])).await;
    assert_eq!(beside.ask("text", json!(["after it"])).await, json!("after it"), "the work was accepted");
    server.signal(Signal::TERM);
    server.log_contains("stopped").await;
    assert_eq!(server.wait_exit().await, Some(0));
    let cut_off = server.log().lines().iter().any(|line| line.contains("shutdown_timeout passed"));
    if cut_off { "work is cut off" } else { "work is finished" }.to_owned()
}

/// What becomes of a client that reads nothing of more than the network holds.
async fn who_does_not_read(server: &Server) -> String {
    let name = new_name().replace(' ', "-");
    let mut deaf = server.raw_with(&format!("client={name}")).await;
    for packet in ["40/life,", "40/limits,"] {
        deaf.text(packet).await;
        deaf.next_text(packet).await;
    }
    deaf.text("42/life,1[\"hello\"]").await;
    deaf.next_text("43/life,1").await;
    deaf.text("42/limits,[\"join\",[\"readers\"]]").await;
    deaf.text("42/limits,[\"burst_to_room\",{\"count\":300,\"size\":100000}]").await;
    let leaves = eventually("it has left", async || has_left(server, &name).await.then_some(()));
    let gone = for_a_while("stays", leaves).await;
    if gone.is_some() { "is cut off" } else { "stays" }.to_owned()
}

async fn has_left(server: &Server, name: &str) -> bool {
    let entries = server.client("reader").await.get("/life/journal").await.json;
    let has_left = |entry: &serde_json::Value| entry["client"] == name && entry["what"] != "arrived";
    entries.as_array().is_some_and(|entries| entries.iter().any(has_left))
}

/// How the development profile takes an address that others reach.
async fn reachable_from_outside(program: Program) -> String {
    match program.outcome().await {
        Ok(server) => {
            newcomer(&server, "/payloads").await;
            server.log_contains("it trusts whoever reaches it").await;
            "listens, with a warning".to_owned()
        }
        Err(ended) => {
            assert!(ended.stderr.contains("set server.allow_insecure = true"), "{ended:?}");
            "refused".to_owned()
        }
    }
}

/// Certificate and key go together: with one of them alone from the second setting, the server takes neither.
fn certificate(key: &'static str) -> Row {
    let certificates = Arc::new([("one", Certificate::new()), ("two", Certificate::new())]);
    let written = certificates.clone();
    live(
        key,
        move |world| {
            written.iter().fold(world.probe(), |program, (name, certificate)| {
                let program = program.file(&format!("tls/{name}.pem"), &certificate.certificate);
                program.file(&format!("tls/{name}.key"), &certificate.key)
            })
        },
        [
            with("[server.tls]\ncert_file = \"tls/one.pem\"\nkey_file = \"tls/one.key\"", "one"),
            with("[server.tls]\ncert_file = \"tls/two.pem\"\nkey_file = \"tls/two.key\"", "two"),
        ],
        async move |server| {
            let mut shown = Vec::new();
            for (name, certificate) in &*certificates {
                let client = guest(server).await;
                client.trust(&certificate.certificate).await;
                if client.connect("/payloads").open().await.is_ok() {
                    shown.push(*name);
                }
            }
            shown.join(" and ")
        },
    )
}
