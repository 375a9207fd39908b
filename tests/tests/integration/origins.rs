//! Web pages: which may talk to the server, and how their browsers are told.
//!
//! Requests are written by hand: no client sends what a page can be made to send.

use lambdio_tests::{PATIENCE, Server, World, trials};
use serde_json::Value;
use std::{fmt::Write, io};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

trials![
    other_pages_open_no_session,
    a_session_is_out_of_reach_of_other_pages,
    pages_that_are_named_and_programs_open_sessions,
    no_spelling_of_the_path_gets_around_the_check,
    other_pages_and_sites_change_nothing,
    named_pages_of_other_sites_use_polling_with_credentials,
    named_pages_of_other_sites_call_routes_with_credentials,
    other_pages_are_told_nothing,
    what_changes_something_has_to_be_json,
    bytes_may_be_of_any_type_that_no_form_can_send,
    routers_of_axum_get_no_requests_of_other_pages,
];

const OPEN: &str = "/socket.io/?EIO=4&transport=polling";
const CHANGING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];
const JSON: (&str, &str) = ("content-type", "application/json");
/// Of `server.public_urls`.
const OWN: &str = "https://docs.example.org";
/// Of `socketio.origins`.
const NAMED: &str = "https://pages.example.net:8443";
const FOREIGN: [&str; 16] = [
    "null",
    "",
    "*",
    "https://evil.example",
    "https://docs.example.org.evil.example",
    "https://evil-docs.example.org",
    "https://docs.example.org@evil.example",
    "https://evil.example@docs.example.org",
    "https://www.docs.example.org",
    "https://example.org",
    "https://docs.example.org.",
    "https://docs.example.org/",
    "https://docs.example.org:8443",
    "http://docs.example.org",
    "https://pages.example.net",
    "http://127.0.0.1:1",
];

type Headers<'a> = &'a [(&'a str, &'a str)];

/// An answer, up to its end; of one that opens a websocket, the head.
#[derive(Debug)]
struct Answer {
    head: String,
    body: String,
}

impl Answer {
    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
    }

    /// The values of a header, in lower case, joined by commas.
    fn header(&self, name: &str) -> String {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let values = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_lowercase());
        values.collect::<Vec<_>>().join(", ")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Status and code, or nothing for a code where it is no error in our shape.
    fn error(&self) -> (u16, String) {
        (self.status(), self.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    fn is_marked_for(&self, origin: &str) -> bool {
        self.header("access-control-allow-origin") == origin
            && self.header("access-control-allow-credentials") == "true"
            && self.header("vary").contains("origin")
    }

    fn says_nothing_of_cors(&self) -> bool {
        !self.head.to_lowercase().contains("access-control")
    }
}

fn forbidden() -> (u16, String) {
    (403, "forbidden".to_owned())
}

async fn start(world: &World) -> Server {
    world
        .example("pages")
        .set(&format!("server.public_urls=[\"{OWN}\"]"))
        .set(&format!("socketio.origins=[\"{NAMED}\"]"))
        .set("server.max_connections_per_address=8")
        .await
}

async fn send(server: &Server, method: &str, path: &str, headers: Headers<'_>, body: &str) -> Answer {
    let answer = timeout(PATIENCE, exchange(server.address(), method, path, headers, body)).await;
    answer.expect("an answer in time").unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

async fn exchange(address: &str, method: &str, path: &str, headers: Headers<'_>, body: &str) -> io::Result<Answer> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    if !headers.iter().any(|(name, _)| *name == "connection") {
        request += "connection: close\r\n";
    }
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await? == 0 {
            return Err(io::Error::other(format!("it ended after {head:?}")));
        }
    }
    let mut answer = Answer { head, body: String::new() };
    if let Ok(length) = answer.header("content-length").parse() {
        stream.take(length).read_to_string(&mut answer.body).await?;
    } else if answer.status() != 101 {
        stream.read_to_string(&mut answer.body).await?;
    }
    Ok(answer)
}

async fn get(server: &Server, path: &str, headers: Headers<'_>) -> Answer {
    send(server, "GET", path, headers, "").await
}

/// Asks for a websocket; of a session where `query` names one.
async fn upgrade(server: &Server, query: &str, origins: &[&str]) -> Answer {
    let mut headers = vec![
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    headers.extend(origins.iter().map(|origin| ("origin", *origin)));
    let path = format!("/socket.io/?EIO=4&transport=websocket{query}");
    get(server, &path, &headers).await
}

/// How often something has changed.
async fn changes(server: &Server) -> Value {
    get(server, "/changes", &[]).await.json()
}

/// Polls until a packet comes that begins like this: heartbeats are passed over.
async fn poll(server: &Server, path: &str, headers: Headers<'_>, packet: &str) -> Answer {
    loop {
        let answer = get(server, path, headers).await;
        assert_eq!(answer.status(), 200, "no packet {packet:?} but {answer:?}");
        if answer.body.split('\u{1e}').any(|found| found.starts_with(packet)) {
            return answer;
        }
    }
}

/// A polling session in the namespace: its path.
async fn session(server: &Server, headers: Headers<'_>) -> String {
    let opened = get(server, OPEN, headers).await;
    let opened: Value = serde_json::from_str(opened.body.trim_start_matches('0')).expect("a handshake");
    let path = format!("{OPEN}&sid={}", opened["sid"].as_str().expect("an id"));
    assert_eq!(send(server, "POST", &path, headers, "40/pages,").await.status(), 200);
    poll(server, &path, headers, "40/pages,").await;
    path
}

async fn other_pages_open_no_session(world: World) {
    let server = start(&world).await;
    for origin in FOREIGN {
        let polling = get(&server, OPEN, &[("origin", origin)]).await;
        assert_eq!(polling.error(), forbidden(), "{origin}");
        assert!(polling.says_nothing_of_cors(), "{polling:?}");
        assert_eq!(upgrade(&server, "", &[origin]).await.error(), forbidden(), "{origin}");
    }
    for origins in [[OWN, "https://evil.example"], ["https://evil.example", OWN], [OWN, OWN]] {
        assert_eq!(get(&server, OPEN, &origins.map(|origin| ("origin", origin))).await.error(), forbidden());
        assert_eq!(upgrade(&server, "", &origins).await.error(), forbidden());
    }
    // as a picture of another site's page: no origin, and cookies where their attributes let them
    let picture = get(&server, OPEN, &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]).await;
    assert_eq!(picture.error(), forbidden());

    for number in 0..8 {
        assert_eq!(get(&server, OPEN, &[]).await.status(), 200, "all places are free, also number {number}");
    }
    assert_eq!(get(&server, OPEN, &[]).await.error(), (503, "overloaded".to_owned()), "sessions take places");
}

async fn a_session_is_out_of_reach_of_other_pages(world: World) {
    let server = start(&world).await;
    let path = session(&server, &[]).await;
    let sid = path.trim_start_matches(OPEN);
    for origin in FOREIGN {
        let event = send(&server, "POST", &path, &[("origin", origin)], "42/pages,1[\"change\"]").await;
        assert_eq!(event.error(), forbidden(), "{origin}");
        assert_eq!(get(&server, &path, &[("origin", origin)]).await.error(), forbidden(), "{origin}");
        assert_eq!(upgrade(&server, sid, &[origin]).await.error(), forbidden(), "{origin}");
    }
    assert_eq!(changes(&server).await, 0);
    assert_eq!(send(&server, "POST", &path, &[("origin", OWN)], "42/pages,2[\"change\"]").await.status(), 200);
    poll(&server, &path, &[], "43/pages,2[1]").await;
}

async fn pages_that_are_named_and_programs_open_sessions(world: World) {
    let server = start(&world).await;
    for origin in [OWN, NAMED, server.url()] {
        assert_eq!(upgrade(&server, "", &[origin]).await.status(), 101, "{origin}");
        assert_eq!(get(&server, OPEN, &[("origin", origin)]).await.status(), 200, "{origin}");
    }
    assert_eq!(upgrade(&server, "", &[]).await.status(), 101);
    assert_eq!(get(&server, OPEN, &[]).await.status(), 200);
    assert_eq!(get(&server, OPEN, &[("sec-fetch-site", "same-origin")]).await.status(), 200);
}

async fn no_spelling_of_the_path_gets_around_the_check(world: World) {
    let server = start(&world).await;
    let absolute = format!("{}/socket.io/", server.url());
    for path in ["/socket.io", "/socket.io/", "/socket.io/changes", "/socket.io//", absolute.as_str()] {
        let path = format!("{path}?EIO=4&transport=polling");
        assert_eq!(get(&server, &path, &[("origin", "null")]).await.error(), forbidden(), "{path}");
        assert_eq!(get(&server, &path, &[]).await.status(), 200, "Socket.IO serves {path}");
    }
    for path in ["/socket.iox", "/Socket.io/", "//socket.io/", "/%73ocket.io/", "/socket%2eio/", "/x/../socket.io/"] {
        let path = format!("{path}?EIO=4&transport=polling");
        let answer = get(&server, &path, &[("origin", "null")]).await;
        assert_eq!(answer.status(), 404, "Socket.IO does not serve {path}: {answer:?}");
    }
}

async fn other_pages_and_sites_change_nothing(world: World) {
    let server = start(&world).await;
    for method in CHANGING {
        for origin in FOREIGN {
            let answer = send(&server, method, "/changes", &[JSON, ("origin", origin)], "").await;
            assert_eq!(answer.error(), forbidden(), "{method} of {origin}");
            assert!(answer.says_nothing_of_cors(), "{answer:?}");
        }
        for site in ["cross-site", "same-site", "unheard-of"] {
            let answer = send(&server, method, "/changes", &[JSON, ("sec-fetch-site", site)], "").await;
            assert_eq!(answer.error(), forbidden(), "{method}, {site}");
        }
    }
    assert_eq!(changes(&server).await, 0);
    let link = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(get(&server, "/changes", &link).await.status(), 200, "a link may be followed");
    for (number, headers) in [
        &[JSON][..],
        &[JSON, ("sec-fetch-site", "same-origin")],
        &[JSON, ("sec-fetch-site", "none")],
        &[JSON, ("sec-fetch-site", "same-origin"), ("origin", OWN)],
        &[JSON, ("sec-fetch-site", "same-site"), ("origin", NAMED)],
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(send(&server, "POST", "/changes", headers, "").await.json(), number + 1, "{headers:?}");
    }
}

async fn named_pages_of_other_sites_use_polling_with_credentials(world: World) {
    let server = start(&world).await;
    let page = [("origin", NAMED), ("sec-fetch-site", "cross-site"), ("cookie", "a=b")];
    let path = session(&server, &page).await;

    let asks = [("origin", NAMED), ("access-control-request-method", "POST")];
    let preflight = send(&server, "OPTIONS", &path, &asks, "").await;
    assert_eq!(preflight.status(), 204);
    assert!(preflight.is_marked_for(NAMED), "{preflight:?}");

    let event = send(&server, "POST", &path, &page, "42/pages,1[\"change\"]").await;
    assert!(event.status() == 200 && event.is_marked_for(NAMED), "{event:?}");
    let polled = poll(&server, &path, &page, "43/pages,1[1]").await;
    assert!(polled.is_marked_for(NAMED), "{polled:?}");
    let unknown = get(&server, &format!("{OPEN}&sid=AAAAAAAAAAAAAAAA"), &page).await;
    assert!(unknown.status() == 400 && unknown.is_marked_for(NAMED), "a page may read why: {unknown:?}");
}

async fn named_pages_of_other_sites_call_routes_with_credentials(world: World) {
    let server = start(&world).await;
    for origin in [OWN, NAMED] {
        let asks = [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "content-type,x-own"),
        ];
        let preflight = send(&server, "OPTIONS", "/changes", &asks, "").await;
        assert!(preflight.status() == 204 && preflight.is_marked_for(origin), "{preflight:?}");
        assert!(preflight.header("access-control-allow-methods").contains("put"), "{preflight:?}");
        assert_eq!(preflight.header("access-control-allow-headers"), "content-type,x-own");
        assert!(preflight.header("vary").contains("access-control-request-headers"), "{preflight:?}");

        let counted = server.metrics().await;
        let counted = counted.sum("lambdio_http_requests_total", &[("method", "OPTIONS"), ("route", "(preflight)")]);
        assert!(counted >= 1.0, "{counted}");

        let page = [JSON, ("origin", origin), ("sec-fetch-site", "cross-site"), ("cookie", "a=b")];
        for (method, path, status) in [
            ("GET", "/changes", 200),
            ("PUT", "/changes", 200),
            ("GET", "/plain", 200),
            ("GET", "/nothing/here", 404),
            ("PUT", "/pictures", 405),
        ] {
            let answer = send(&server, method, path, &page, "").await;
            assert!(answer.status() == status && answer.is_marked_for(origin), "{answer:?}");
        }
        let wrong = send(&server, "PUT", "/changes", &page, "{").await;
        assert_eq!(wrong.error(), (400, "invalid_payload".to_owned()));
        assert!(wrong.is_marked_for(origin), "{wrong:?}");
        let untyped = send(&server, "PUT", "/changes", &page[1..], "").await;
        assert_eq!(untyped.error(), (415, "unsupported_media_type".to_owned()));
        assert!(untyped.is_marked_for(origin), "{untyped:?}");
    }
}

async fn other_pages_are_told_nothing(world: World) {
    let server = start(&world).await;
    for origin in FOREIGN {
        for path in ["/changes", "/plain", "/nothing/here", OPEN] {
            let asks = [("origin", origin), ("access-control-request-method", "PUT")];
            let preflight = send(&server, "OPTIONS", path, &asks, "").await;
            assert!(preflight.status() >= 400 && preflight.says_nothing_of_cors(), "{preflight:?}");
            let read = get(&server, path, &[("origin", origin)]).await;
            assert!(read.says_nothing_of_cors(), "{read:?}");
            assert_eq!(read.header("vary"), "origin", "no cache gives it to a page that may, or the other way round");
        }
    }
    let program = get(&server, "/changes", &[]).await;
    assert!(program.says_nothing_of_cors() && program.header("vary") == "origin", "{program:?}");
}

async fn what_changes_something_has_to_be_json(world: World) {
    let server = start(&world).await;
    let json = ["application/json", "application/json; charset=utf-8", "Application/JSON"];
    let others = ["text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", "image/png", ""];
    for method in CHANGING {
        for body in ["", "null"] {
            let untyped = send(&server, method, "/changes", &[], body).await;
            assert_eq!(untyped.error(), (415, "unsupported_media_type".to_owned()), "{method}");
            let message = untyped.json()["error"]["message"].to_string();
            assert!(message.contains("content-type: application/json"), "{message}");
            for other in others {
                let answer = send(&server, method, "/changes", &[("content-type", other)], body).await;
                assert_eq!(answer.status(), 415, "{method} of {other:?}");
            }
            let twice = [JSON, ("content-type", "text/plain")];
            assert_eq!(send(&server, method, "/changes", &twice, body).await.status(), 415, "{method}");
        }
    }
    assert_eq!(changes(&server).await, 0);
    for (round, kind) in json.into_iter().enumerate() {
        for (number, method) in CHANGING.into_iter().enumerate() {
            let answer = send(&server, method, "/changes", &[("content-type", kind)], "").await;
            assert_eq!(answer.json(), 4 * round + number + 1, "{method} of {kind}");
        }
    }
}

async fn bytes_may_be_of_any_type_that_no_form_can_send(world: World) {
    let server = start(&world).await;
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""] {
        let answer = send(&server, "POST", "/pictures", &[("content-type", kind)], "abc").await;
        assert_eq!(answer.error(), (415, "unsupported_media_type".to_owned()), "{kind}");
    }
    assert_eq!(send(&server, "POST", "/pictures", &[], "abc").await.status(), 415);
    assert_eq!(changes(&server).await, 0);
    for kind in ["image/png", "application/octet-stream", "application/json"] {
        let answer = send(&server, "POST", "/pictures", &[("content-type", kind)], "abc").await;
        assert_eq!((answer.status(), answer.json()), (200, 3.into()), "{kind}");
    }
}

async fn routers_of_axum_get_no_requests_of_other_pages(world: World) {
    let server = start(&world).await;
    for origin in FOREIGN {
        assert_eq!(send(&server, "POST", "/plain", &[("origin", origin)], "").await.error(), forbidden(), "{origin}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", OWN)];
    let sent = send(&server, "POST", "/plain", &form, "a=b").await;
    assert_eq!((sent.status(), sent.body.as_str()), (200, "1"), "the type is the router's own affair");
    assert!(sent.is_marked_for(OWN), "{sent:?}");
}
