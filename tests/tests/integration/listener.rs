//! Connections: encrypted, through proxies, too many, too slow.

use crate::metrics::rows::{Is::Exactly, shows};
use futures_util::future::join_all;
use lambdio_tests::{Certificate, Client, Program, RawConnection, Server, Transport, World, eventually, trials};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

trials![
    a_server_with_a_certificate_speaks_tls,
    with_tls_cookies_and_origins_are_of_https,
    what_tls_cannot_use_is_told_at_start,
    an_expired_certificate_is_told_at_start,
    plain_http_to_a_tls_server_is_cut_off_and_harms_nobody,
    a_handshake_that_never_ends_is_cut_off,
    half_a_head_is_cut_off,
    a_connection_that_rests_is_closed,
    a_connection_too_many_is_closed_until_a_place_is_free,
    a_session_that_never_entered_keeps_its_place_for_a_while,
    an_address_has_only_its_share_of_connections,
    sessions_without_connections_count_too,
    a_trusted_proxy_names_the_client,
    a_stranger_names_nobody,
    a_client_of_ipv4_has_one_address_where_both_are_listened_on,
    clients_behind_a_proxy_are_counted_by_their_own_addresses,
    without_free_descriptors_clients_wait_and_are_served_later,
    a_limit_of_descriptors_below_the_limit_of_connections_is_told,
    clients_leave_the_server_the_descriptors_it_needs,
];

const PLAIN: &[u8] = b"GET /greeting HTTP/1.1\r\nHost: x\r\n\r\n";

const LAST: &[u8] = b"GET /greeting HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

pub fn with_tls(program: Program, certificate: &Certificate) -> Program {
    program
        .file("tls/certificate.pem", &certificate.certificate)
        .file("tls/key.pem", &certificate.key)
        .set("events.max_payload_size=1MiB")
        .set("server.tls.cert_file=tls/certificate.pem")
        .set("server.tls.key_file=tls/key.pem")
}

async fn trusting(server: &Server, name: &str, certificate: &Certificate) -> Client {
    let client = server.client(name).await;
    client.trust(&certificate.certificate).await;
    client
}

/// What the server sends until it closes the connection.
pub async fn until_closed(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // a connection that was reset is closed
    let read = timeout(lambdio_tests::PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "still open");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A new connection.
pub async fn tcp(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.expect("the kernel takes connections")
}

/// A websocket in a namespace.
async fn entered(server: &Server) -> RawConnection {
    let mut connection = server.raw().await;
    connection.text("40/payloads,").await;
    connection.next_text("40/payloads,").await;
    connection
}

fn warnings(server: &Server, text: &str) -> usize {
    server.log().lines().iter().filter(|line| line.contains("WARN") && line.contains(text)).count()
}

async fn a_server_with_a_certificate_speaks_tls(world: World) {
    let certificate = Certificate::new();
    let probe = with_tls(world.probe(), &certificate).set("app.probe.greeting=hello").await;
    assert!(probe.url().starts_with("https://"), "{}", probe.url());
    let ada = trusting(&probe, "ada", &certificate).await;
    assert_eq!(ada.get("/greeting").await.json, json!("hello"));
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let socket = ada.connect("/payloads").over(transport).await;
        let large = "x".repeat(300_000);
        assert!(socket.ask("text", json!([large])).await == json!(large), "{transport:?}");
        socket.close().await;
    }
}

async fn with_tls_cookies_and_origins_are_of_https(world: World) {
    let certificate = Certificate::new();
    let documents = with_tls(world.documents(), &certificate).await;
    let ada = trusting(&documents, "ada", &certificate).await;
    let account = json!({ "name": "Ada", "password": "correct horse" });
    let welcome = ada.post("/auth/register", account).header("origin", documents.url()).await;
    assert_eq!(welcome.status, 201, "{welcome:?}");
    let cookie = welcome.headers.get("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-lambdio_token=") && cookie.contains("; Secure"), "{cookie}");
    assert_eq!(ada.get("/auth/me").await.status, 200);
    let plain = documents.url().replace("https", "http");
    assert_eq!(ada.get("/socket.io/?EIO=4&transport=polling").header("origin", &plain).await.status, 403);
}

async fn what_tls_cannot_use_is_told_at_start(world: World) {
    let (certificate, other) = (Certificate::new(), Certificate::new());
    let program = || with_tls(world.probe(), &certificate);
    let cases = [
        (program().set("server.tls.cert_file=tls/none.pem"), ["server.tls.cert_file", "tls/none.pem"]),
        (program().set("server.tls.key_file=tls/none.pem"), ["server.tls.key_file", "tls/none.pem"]),
        (program().file("tls/certificate.pem", &certificate.key), ["server.tls.cert_file", "no certificate"]),
        (program().file("tls/certificate.pem", "-----BEGIN CERTIFICATE-----\nabc"), ["cert_file", "certificate.pem"]),
        (program().file("tls/key.pem", &certificate.certificate), ["server.tls.key_file", "no private key"]),
        (program().file("tls/key.pem", &other.key), ["tls/key.pem is not that of", "tls/certificate.pem"]),
        (world.probe().set("server.tls.cert_file=tls/none.pem"), ["server.tls", "key_file"]),
    ];
    for (program, parts) in cases {
        let ended = program.run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
        assert_eq!(ended.stderr.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{ended:?}");
        assert!(parts.iter().all(|part| ended.stderr.contains(part)), "{parts:?} in {}", ended.stderr);
    }
}

async fn an_expired_certificate_is_told_at_start(world: World) {
    let expired = with_tls(world.probe(), &Certificate::expired()).await;
    let line = expired.log_contains("has expired").await;
    assert!(line.contains("WARN") && line.contains("tls/certificate.pem"), "{line}");
    let valid = with_tls(world.probe(), &Certificate::new()).await;
    assert_eq!(warnings(&valid, "server.tls"), 0);
}

async fn plain_http_to_a_tls_server_is_cut_off_and_harms_nobody(world: World) {
    let certificate = Certificate::new();
    let probe = with_tls(world.probe(), &certificate).await;
    let ada = trusting(&probe, "ada", &certificate).await.connect("/payloads").await;
    let mut plain = tcp(&probe).await;
    plain.write_all(PLAIN).await.expect("the server reads");
    let answer = until_closed(&mut plain).await;
    assert!(!answer.contains("HTTP"), "{answer:?}");
    let line = probe.log_contains("no TLS handshake").await;
    assert!(line.contains("DEBUG"), "{line}");
    assert_eq!(ada.ask("text", json!(["still"])).await, json!("still"));
}

async fn a_handshake_that_never_ends_is_cut_off(world: World) {
    let certificate = Certificate::new();
    let probe = with_tls(world.probe(), &certificate).set("server.header_timeout=3s").await;
    let mut silent = join_all((0..20).map(|_| tcp(&probe))).await;
    // the beginning of a handshake, and no more
    silent[0].write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await.expect("the server reads");
    let ada = trusting(&probe, "ada", &certificate).await.connect("/payloads").await;
    assert_eq!(ada.ask("text", json!(["meanwhile"])).await, json!("meanwhile"), "nobody waits for them");
    for stream in &mut silent {
        assert_eq!(until_closed(stream).await, "");
    }
    assert_eq!(ada.ask("text", json!(["still"])).await, json!("still"));
}

async fn half_a_head_is_cut_off(world: World) {
    let probe = world.probe().set("server.header_timeout=500ms").await;
    for half in [&b""[..], b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut stream = tcp(&probe).await;
        stream.write_all(half).await.expect("the server reads");
        let answer = until_closed(&mut stream).await;
        assert!(!answer.contains(" 200 "), "{answer:?}");
    }
}

async fn a_connection_that_rests_is_closed(world: World) {
    let probe = world.probe().set("server.header_timeout=2s").await;
    let socket = probe.client("ada").await.connect("/payloads").await;
    let mut stream = tcp(&probe).await;
    stream.write_all(PLAIN).await.expect("the server reads");
    let answer = until_closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "it was answered before: {answer:?}");
    assert_eq!(socket.ask("text", json!(["still"])).await, json!("still"), "a websocket may rest");
}

async fn a_connection_too_many_is_closed_until_a_place_is_free(world: World) {
    let probe = world.probe().set("server.max_connections=3").await;
    let mut held = vec![entered(&probe).await, entered(&probe).await, entered(&probe).await];
    for _ in 0..30 {
        assert_eq!(until_closed(&mut tcp(&probe).await).await, "", "closed at once");
    }
    probe.log_contains("server.max_connections").await;
    assert_eq!(warnings(&probe, "server.max_connections"), 1, "one line for all");
    held.pop();
    let mut new = eventually("the place is free", async || RawConnection::try_open(probe.address()).await.ok()).await;
    new.text("40/payloads,").await;
    new.next_text("40/payloads,").await;
    assert_eq!(until_closed(&mut tcp(&probe).await).await, "", "and taken again");
}

async fn a_session_that_never_entered_keeps_its_place_for_a_while(world: World) {
    let probe = world.probe().set("server.max_connections_per_address=2").await;
    for _ in 0..2 {
        probe.raw().await.close().await;
    }
    assert_eq!(until_closed(&mut tcp(&probe).await).await, "", "the transport still keeps both");

    let probe = world.probe().set("server.max_connections_per_address=2").set("socketio.connect_timeout=100ms").await;
    for _ in 0..10 {
        eventually("a place is free", async || RawConnection::try_open(probe.address()).await.ok()).await.close().await;
    }
}

async fn an_address_has_only_its_share_of_connections(world: World) {
    let probe = world.probe().set("server.max_connections_per_address=2").await;
    let held = [tcp(&probe).await, tcp(&probe).await];
    assert_eq!(until_closed(&mut tcp(&probe).await).await, "", "closed at once");
    let elsewhere = TcpSocket::new_v4().expect("a socket");
    elsewhere.bind("127.0.0.2:0".parse().expect("an address")).expect("another address of this machine");
    let mut other = elsewhere.connect(probe.address().parse().expect("an address")).await.expect("a connection");
    other.write_all(LAST).await.expect("the server reads");
    assert!(until_closed(&mut other).await.starts_with("HTTP/1.1 200 "), "another address is served");
    probe.log_contains("server.max_connections_per_address").await;
    assert_eq!(warnings(&probe, "server.max_connections_per_address"), 1);
    drop(held);
    eventually("the places are free", async || RawConnection::try_open(probe.address()).await.ok()).await;
}

async fn sessions_without_connections_count_too(world: World) {
    let probe = world.probe().set("server.max_connections_per_address=3").await;
    let ada = probe.client("ada").await;
    let open = async || ada.get("/socket.io/?EIO=4&transport=polling").await;
    let first = open().await;
    let session: Value = serde_json::from_str(first.text.trim_start_matches('0')).expect("a handshake");
    for _ in 0..2 {
        assert_eq!(open().await.status, 200);
    }
    let refused = open().await;
    assert_eq!((refused.status, refused.error().code.as_str()), (503, "overloaded"));
    assert!(refused.headers.contains_key("retry-after"), "{refused:?}");
    assert_eq!(ada.get("/greeting").await.status, 200, "a request is none");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
    assert_eq!(ada.request("POST", &path).body("40/payloads,").await.status, 200, "a session that is there goes on");
    assert_eq!(ada.request("POST", &path).body("1").await.status, 200, "and ends");
    eventually("its place is free", async || (open().await.status == 200).then_some(())).await;
}

async fn a_trusted_proxy_names_the_client(world: World) {
    let probe = world.probe().set("server.trusted_proxies=[\"127.0.0.0/8\"]").await;
    let ada = probe.client("ada").await;
    assert_eq!(ada.get("/address").await.json, json!("127.0.0.1"), "the proxy itself");
    for (header, value, client) in [
        ("x-forwarded-for", "192.0.2.1", "192.0.2.1:0"),
        ("x-forwarded-for", "203.0.113.9, 192.0.2.1, 127.0.0.5", "192.0.2.1:0"),
        ("forwarded", "for=\"[2001:db8::1]\";proto=https", "[2001:db8::1]:0"),
        ("x-forwarded-for", "nonsense", "127.0.0.1"),
    ] {
        assert_eq!(ada.get("/address").header(header, value).await.json, json!(client), "{header}: {value}");
        for transport in Transport::BOTH {
            let socket = ada.connect("/payloads").over(transport).headers(json!({ header: value })).await;
            assert_eq!(socket.ask("address", json!([])).await, json!(client), "{header}: {value}");
        }
    }
}

async fn a_stranger_names_nobody(world: World) {
    let probe = world.probe().set("server.trusted_proxies=[\"10.0.0.0/8\"]").await;
    let ada = probe.client("ada").await;
    let claimed = ada.get("/address").header("x-forwarded-for", "192.0.2.1").header("forwarded", "for=192.0.2.1").await;
    assert_eq!(claimed.json, json!("127.0.0.1"));
}

async fn a_client_of_ipv4_has_one_address_where_both_are_listened_on(world: World) {
    if std::net::TcpListener::bind("[::]:0").is_err() {
        return eprintln!("this machine has no IPv6: there are no addresses of two forms on it");
    }
    let probe = world.probe().set("server.host=::").set("server.allow_insecure=true").await;
    let (_, port) = probe.address().rsplit_once(':').expect("host and port");
    let ada = probe.client_at("ada", &format!("http://127.0.0.1:{port}")).await;
    assert_eq!(ada.get("/address").await.json, json!("127.0.0.1"));
    for transport in Transport::BOTH {
        let socket = ada.connect("/payloads").over(transport).await;
        assert_eq!(socket.ask("address", json!([])).await, json!("127.0.0.1"), "{transport:?}");
    }
    assert!(!probe.log().lines().iter().any(|line| line.contains("::ffff:")), "{:?}", probe.log().lines());
}

async fn clients_behind_a_proxy_are_counted_by_their_own_addresses(world: World) {
    let program =
        world.probe().set("server.trusted_proxies=[\"127.0.0.1\"]").set("server.max_connections_per_address=2");
    let probe = program.await;
    let client = probe.client("ada").await;
    let from = |address: &str| client.connect("/payloads").headers(json!({ "x-forwarded-for": address }));
    let held = [from("192.0.2.1").await, from("192.0.2.1").over(Transport::Polling).await];
    assert_eq!(from("192.0.2.1").refused().await.message, "websocket error");
    for number in 0..5 {
        let other = from(&format!("198.51.100.{number}")).await;
        assert_eq!(other.ask("text", json!(["another"])).await, json!("another"));
    }
    assert_eq!(held[1].ask("text", json!(["here"])).await, json!("here"));
    held[0].close().await;
    let request = async || client.get("/address").header("x-forwarded-for", "192.0.2.1").await.status == 200;
    eventually("a place is free", async || request().await.then_some(())).await;
}

/// Takes the descriptors of a server that may open 64 files: it leaves half of them to clients, and those who look at metrics
/// have the other half.
pub async fn exhaust(server: &Server) -> Vec<TcpStream> {
    let metrics = server.metrics_address().await;
    let connect = async |_| TcpStream::connect(&metrics).await.expect("a connection");
    let mut taken = join_all((0..60).map(connect)).await;
    taken.extend(join_all((0..30).map(|_| tcp(server))).await);
    taken
}

async fn without_free_descriptors_clients_wait_and_are_served_later(world: World) {
    let mut probe = world.probe().limit_of_files(64).await;
    let ada = probe.client("ada").await.connect("/payloads").await;
    let exhausting = exhaust(&probe).await;
    let told = probe.log_contains("no connection can be accepted").await;
    assert!(told.contains("WARN") && told.contains("max_connections"), "{told}");
    assert_eq!(ada.ask("text", json!(["meanwhile"])).await, json!("meanwhile"), "who is here is served");
    let late = probe.client("late").await;
    let waiting = async {
        let socket = late.connect("/payloads").await;
        socket.ask("text", json!(["late"])).await
    };
    let free = async {
        // whoever waits has sent something by then
        assert_eq!(ada.ask("text", json!(["still"])).await, json!("still"));
        drop(exhausting);
    };
    let (answer, ()) = futures_util::join!(waiting, free);
    assert_eq!(answer, json!("late"), "there is room again");
    assert_eq!(warnings(&probe, "no connection can be accepted"), 1, "one line for the whole time");
    assert!(probe.is_running());
}

async fn a_limit_of_descriptors_below_the_limit_of_connections_is_told(world: World) {
    let probe = world.probe().limit_of_files(128).await;
    let line = probe.log_contains("server.max_connections = 10000 is more than this process can hold").await;
    assert!(line.contains("WARN") && line.contains("128") && line.contains("so 64 connections are let in"), "{line}");
    let fits = world.probe().limit_of_files(128).set("server.max_connections=64").await;
    assert_eq!(warnings(&fits, "can hold"), 0);
}

async fn clients_leave_the_server_the_descriptors_it_needs(world: World) {
    let probe = world.probe().limit_of_files(128).await;
    let ada = probe.client("ada").await.connect("/payloads").await;
    let mut held = join_all((0..70).map(|_| tcp(&probe))).await;
    let told = probe.log_contains("a connection is refused").await;
    assert!(told.contains("there are 64 (the open files this process may have)"), "{told}");
    let last = held.last_mut().expect("there are some");
    assert_eq!(last.read(&mut [0]).await.unwrap_or_default(), 0, "one too many is closed");
    assert_eq!(ada.ask("text", json!(["here"])).await, json!("here"));
    shows(&probe, &[("lambdio_network_connections_limit", &[], Exactly(64.0))]).await;
    assert_eq!(warnings(&probe, "no connection can be accepted"), 0);
}
