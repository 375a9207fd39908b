//! A server behind nginx, as `deploy/nginx.conf` sets it up.

use super::shipped;
use lambdio_tests::{Nginx, Program, Proxy, Server, Transport, World, eventually, trials};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

trials![
    people_log_in_and_write_over_every_transport,
    browsers_speak_http2,
    plain_http_leads_to_https,
    a_client_is_known_by_its_own_address_whatever_it_says,
    who_asks_too_often_shuts_out_nobody_else,
    a_large_message_passes,
    what_is_too_large_is_refused_in_words_that_programs_know,
    its_log_tells_no_session,
    what_clients_say_of_themselves_does_not_reach_the_server,
    a_request_is_sent_once,
    its_limits_fit_those_of_the_server,
];

/// A server and what stands in front of it.
pub(super) struct Site {
    pub(super) server: Server,
    pub(super) nginx: Nginx,
    /// From nginx to the server.
    pub(super) way: Arc<Proxy>,
}

impl Site {
    /// nginx is there first: the server has to know the address under which it is reached.
    pub(super) async fn of(world: &World, program: Program) -> Self {
        let way = Proxy::to("127.0.0.1:1").await;
        let nginx = Nginx::in_front_of(world, way.address()).await;
        let server = program.set(&format!("server.public_urls=[\"{}\"]", nginx.url())).await;
        way.lead_to(server.address());
        Self { server, nginx, way }
    }

    pub(super) async fn of_probe(world: &World) -> Self {
        Self::of(world, probe(world)).await
    }
}

/// The probe with the proxies that the production profile trusts.
pub(super) fn probe(world: &World) -> Program {
    world.probe().set("server.trusted_proxies=[\"127.0.0.1\", \"::1\"]").set("events.max_payload_size=1MiB")
}

async fn people_log_in_and_write_over_every_transport(world: World) {
    let documents = world.documents().file("token-key", "correct horse battery staple, in production");
    let documents = documents.args(["--profile", "production"]);
    let site = Site::of(&world, documents.set("auth.keys=[{ id = \"first\", key_file = \"token-key\" }]")).await;
    let (ada, origin) = (site.nginx.client("ada").await, site.nginx.url());
    let page = ada.get("/login").await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.headers["strict-transport-security"].starts_with("max-age="), "{page:?}");
    assert!(page.headers["content-security-policy"].contains("'self'"), "{page:?}");
    let account = json!({ "name": "Ada", "password": "correct horse" });
    let welcome = ada.post("/auth/register", account).header("origin", &origin).await;
    assert_eq!(welcome.status, 201, "{welcome:?}");
    let cookie = &welcome.headers["set-cookie"];
    assert!(cookie.starts_with("__Host-lambdio_token=") && cookie.contains("; Secure"), "{cookie}");
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let socket = ada.connect("/documents").over(transport).headers(json!({ "origin": origin })).await;
        let title = format!("over {transport:?}");
        assert_eq!(socket.ask("create", json!([{ "title": title }])).await["title"], title.as_str());
    }
    let elsewhere = ada.post("/auth/logout", json!({})).header("origin", "https://elsewhere.example").await;
    assert_eq!((elsewhere.status, elsewhere.error().code.as_str()), (403, "forbidden"));
}

async fn browsers_speak_http2(world: World) {
    let site = Site::of_probe(&world).await;
    assert_eq!(site.nginx.client("ada").await.status_over_http2("/greeting").await, json!(200));
}

async fn plain_http_leads_to_https(world: World) {
    let site = Site::of_probe(&world).await;
    let answer = site.server.client_at("ada", &site.nginx.plain_url()).await.get("/greeting?lang=en").await;
    assert_eq!(answer.status, 301);
    assert_eq!(
        answer.headers["location"], "https://documents.example.org/greeting?lang=en",
        "whatever host was asked for"
    );
}

async fn a_client_is_known_by_its_own_address_whatever_it_says(world: World) {
    let site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    ada.from_address("127.0.0.2").await;
    for (header, value) in
        [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1"), ("x-real-ip", "192.0.2.1"), ("x-none", "")]
    {
        assert_eq!(ada.get("/address").header(header, value).await.json, json!("127.0.0.2:0"), "{header}");
        let socket = ada.connect("/payloads").headers(json!({ header: value })).await;
        assert_eq!(socket.ask("address", json!([])).await, json!("127.0.0.2:0"), "{header}");
    }
}

async fn who_asks_too_often_shuts_out_nobody_else(world: World) {
    let program = probe(&world).set("routes.\"GET /address\".rate_limit.per_address=2/h");
    let site = Site::of(&world, program).await;
    let (ada, bob) = (site.nginx.client("ada").await, site.nginx.client("bob").await);
    ada.from_address("127.0.0.2").await;
    bob.from_address("127.0.0.3").await;
    for _ in 0..2 {
        assert_eq!(ada.get("/address").await.status, 200);
    }
    let refused = ada.get("/address").header("x-forwarded-for", "192.0.2.77").await;
    assert_eq!((refused.status, refused.error().code.as_str()), (429, "rate_limited"));
    assert_eq!(bob.get("/address").await.status, 200);
}

async fn a_large_message_passes(world: World) {
    let site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    let large = "x".repeat(1_000_000);
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let socket = ada.connect("/payloads").over(transport).await;
        assert!(socket.ask("text", json!([large])).await == json!(large), "{transport:?}");
    }
}

async fn what_is_too_large_is_refused_in_words_that_programs_know(world: World) {
    let site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    let answer = async |length| ada.post("/errors/cart", json!("x".repeat(length))).await;
    for _ in 0..10 {
        let by_server = answer(1_500_000).await;
        assert_eq!((by_server.status, by_server.error().code.as_str()), (413, "payload_too_large"));
    }
    let by_nginx = answer(3_000_000).await;
    assert_eq!((by_nginx.status, &by_nginx.json["error"]["code"]), (413, &json!("payload_too_large")), "{by_nginx:?}");
    assert!(by_nginx.json["error"]["message"].is_string() && by_nginx.json["error"]["id"].is_string(), "{by_nginx:?}");
}

/// The harness looks for secrets in it as well, at the end of each test.
async fn its_log_tells_no_session(world: World) {
    let site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    let socket = ada.connect("/payloads").over(Transport::Upgrade).await;
    assert_eq!(socket.ask("text", json!(["here"])).await, json!("here"));
    site.way.cut();
    assert_eq!(ada.get("/socket.io/?EIO=4&transport=polling&sid=some-session").await.status, 503);
    let logged = async || Some(site.nginx.logged()).filter(|log| log.contains("\"GET /socket.io/ HTTP/1.1\" 503 "));
    let logged = eventually("nginx has written it down", logged).await;
    assert!(logged.contains("127.0.0.1 [") && logged.contains("\"GET /socket.io/ HTTP/1.1\" 200 "), "{logged}");
    assert!(!logged.contains("sid=") && !logged.contains("some-session"), "{logged}");
}

/// One request as nginx passes it on, up to the end of its head.
async fn head(listener: &TcpListener) -> (tokio::net::TcpStream, String) {
    let (mut stream, _) = listener.accept().await.expect("nginx connects");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("nginx sends a head"));
    }
    (stream, String::from_utf8_lossy(&head).to_ascii_lowercase())
}

async fn what_clients_say_of_themselves_does_not_reach_the_server(world: World) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let nginx = Nginx::in_front_of(&world, &listener.local_addr().expect("an address").to_string()).await;
    let ada = nginx.client("ada").await;
    let request = ada
        .get("/")
        .header("x-forwarded-for", "192.0.2.1")
        .header("x-forwarded-proto", "gopher")
        .header("forwarded", "for=192.0.2.1")
        .header("x-request-id", "mine")
        .header("connection", "upgrade, http2-settings")
        .header("upgrade", "h2c");
    let (answer, head) = tokio::join!(request, async {
        let (mut stream, head) = head(&listener).await;
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("nginx reads");
        head
    });
    assert_eq!(answer.status, 204);
    let value = |name: &str| head.lines().filter_map(|line| line.strip_prefix(name)).map(str::trim).collect::<Vec<_>>();
    assert_eq!(value("x-forwarded-for:"), ["127.0.0.1"], "{head}");
    assert_eq!(value("x-forwarded-proto:"), ["https"], "{head}");
    assert_eq!(value("host:"), ["127.0.0.1"], "{head}");
    assert!(
        value("forwarded:").is_empty() && value("upgrade:").is_empty() && value("connection:").is_empty(),
        "{head}"
    );
    assert!(matches!(value("x-request-id:")[..], [id] if id.len() == 32), "{head}");
}

async fn a_request_is_sent_once(world: World) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let nginx = Nginx::in_front_of(&world, &listener.local_addr().expect("an address").to_string()).await;
    let ada = nginx.client("ada").await;
    let (answer, ()) = tokio::join!(ada.get("/"), async {
        // it was read, and who knows what was done
        drop(head(&listener).await);
    });
    assert_eq!(answer.status, 503, "{answer:?}");
    let again = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(again.is_err(), "nginx tried again");
}

async fn its_limits_fit_those_of_the_server(_: World) {
    let text = shipped("deploy/nginx.conf");
    let value = |name: &str| {
        let found = text.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_suffix(';'));
        found.unwrap_or_else(|| panic!("deploy/nginx.conf has no {name}")).trim()
    };
    let time = |name| humantime::parse_duration(value(name)).expect("a duration");
    let settings = lambdio::config::Settings::default();
    assert!(time("keepalive_timeout") < settings.server.header_timeout, "nginx gives a connection up first");
    let silence = settings.socketio.ping_interval + settings.socketio.ping_timeout;
    for name in ["proxy_read_timeout", "proxy_send_timeout"] {
        assert!(time(name) > silence && time(name) > settings.events.timeout, "{name}");
    }
    let most: u64 = value("client_max_body_size").trim_end_matches('m').parse().expect("so many MiB");
    assert_eq!(most * 1024 * 1024, 2 * settings.socketio.max_message_size.bytes());
    assert_eq!(value("server 127.0.0.1:"), settings.server.port.to_string(), "the port of the server");
    let production: Value = toml::from_str(&shipped("config/production.toml")).expect("it is TOML");
    assert_eq!(production["server"]["trusted_proxies"], json!(["127.0.0.1", "::1"]), "who names the clients");
}
