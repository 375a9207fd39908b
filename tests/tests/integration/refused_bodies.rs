//! Bodies that the server does not take: too large, or too slow.

use super::listener::{tcp, until_closed, with_tls};
use futures_util::future::join_all;
use lambdio_tests::{Certificate, Client, PATIENCE, Server, World, eventually, trials};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

trials![
    who_sends_all_of_it_first_is_answered,
    common_clients_are_answered,
    who_never_stops_sending_is_cut_off,
    who_stops_halfway_gives_back_the_place,
    a_body_that_does_not_come_is_given_up,
    a_body_that_comes_after_its_routes_deadline_is_late,
];

/// More than the server takes, and than the buffers on the way hold.
const TOO_LARGE: usize = 6_000_000;

/// The beginning of a connection's last request, with a body of this many bytes.
fn head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

/// Where a new polling session takes what its client sends.
async fn polling(client: &Client) -> String {
    let opened = client.get("/socket.io/?EIO=4&transport=polling").await;
    let session: Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
    format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default())
}

/// The answer to a request that is sent to its end before anything is read.
async fn answer_to_all(server: &Server, path: &str) -> String {
    let mut stream = tcp(server).await;
    let request = head(path, TOO_LARGE) + &"x".repeat(TOO_LARGE);
    stream.write_all(request.as_bytes()).await.expect("the server reads all of it");
    let mut answer = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("the server closes the connection");
    read.expect("nothing of the answer is lost");
    answer
}

/// The answer to a request of which only the beginning comes.
pub async fn answer_to_half(server: &Server, path: &str, half: &str) -> String {
    let mut stream = tcp(server).await;
    let request = head(path, half.len() + 100) + half;
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    until_closed(&mut stream).await
}

async fn who_sends_all_of_it_first_is_answered(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    for _ in 0..10 {
        let polling = polling(&ada).await;
        for (path, status) in [("/errors/cart", "413"), (polling.as_str(), "413"), ("/nothing/here", "404")] {
            let answer = answer_to_all(&probe, path).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        }
    }
    for answer in join_all((0..20).map(|_| answer_to_all(&probe, "/errors/cart"))).await {
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("payload_too_large"), "{answer}");
    }
}

async fn common_clients_are_answered(world: World) {
    let certificate = Certificate::new();
    for program in [world.probe(), with_tls(world.probe(), &certificate)] {
        let probe = program.await;
        let ada = probe.client("ada").await;
        ada.trust(&certificate.certificate).await;
        for _ in 0..3 {
            let refused = ada.post("/errors/cart", json!("x".repeat(TOO_LARGE / 2))).await;
            assert_eq!((refused.status, refused.error().code.as_str()), (413, "payload_too_large"));
        }
    }
}

async fn who_never_stops_sending_is_cut_off(world: World) {
    let probe = world.probe().await;
    let mut stream = tcp(&probe).await;
    stream.write_all(head("/errors/cart", usize::MAX / 2).as_bytes()).await.expect("the server reads");
    let chunk = vec![b'x'; 65_536];
    let sending = async {
        let mut sent = 0;
        while stream.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
        sent
    };
    let sent = timeout(PATIENCE, sending).await.expect("the server closes the connection");
    assert!(sent < 64 * 1024 * 1024, "{sent} bytes");
}

async fn who_stops_halfway_gives_back_the_place(world: World) {
    let probe = world.probe().set("server.max_connections=1").await;
    let mut stream = tcp(&probe).await;
    let half = head("/errors/cart", TOO_LARGE) + &"x".repeat(TOO_LARGE / 2);
    stream.write_all(half.as_bytes()).await.expect("the server reads");
    let answer = until_closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let served = async || {
        let mut other = tcp(&probe).await;
        other.write_all(b"GET /greeting HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.ok()?;
        until_closed(&mut other).await.starts_with("HTTP/1.1 200 ").then_some(())
    };
    eventually("the place is free, though the client has not closed its side", served).await;
    drop(stream);
}

async fn a_body_that_does_not_come_is_given_up(world: World) {
    let probe = world.probe().set("server.body_timeout=500ms").await;
    let polling = polling(&probe.client("ada").await).await;
    for (path, half) in [("/errors/cart", "{"), (polling.as_str(), "4")] {
        let answer = answer_to_half(&probe, path, half).await;
        assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"body_timeout\""), "{path}: {answer}");
    }
}

async fn a_body_that_comes_after_its_routes_deadline_is_late(world: World) {
    let probe = world.probe().set("routes.\"POST /errors/cart\".timeout=500ms").await;
    let answer = answer_to_half(&probe, "/errors/cart", "{").await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"body_timeout\""), "{answer}");
}
