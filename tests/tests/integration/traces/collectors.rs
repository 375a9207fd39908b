//! Collectors that are there, away, slow, or take nothing.

use super::{line, names, stop, traced};
use lambdio_tests::{Certificate, Collector, Nginx, Proxy, Server, World, eventually, trials};
use serde_json::{Value, json};

trials![
    the_last_spans_are_sent_at_the_end,
    a_collector_that_is_away_is_told_of_once_and_harms_nobody,
    what_a_collector_refuses_is_counted_and_told_of_once,
    what_a_collector_does_not_take_of_all_is_counted,
    a_collector_that_asks_for_time_gets_the_spans_later,
    of_too_many_spans_some_are_lost_and_no_event_waits,
    a_collector_that_hangs_does_not_keep_a_server,
    a_collector_is_reached_over_tls,
];

async fn the_last_spans_are_sent_at_the_end(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).await;
    let socket = server.client("ada").await.connect("/work").await;
    socket.ask("add", json!([[1, 2]])).await;
    stop(server).await;
    let expected = ["add /work", "connect /work", "connect handler /work", "disconnect /work"];
    assert_eq!(names(&collector.spans()), expected);
}

async fn a_collector_that_is_away_is_told_of_once_and_harms_nobody(world: World) {
    let collector = Collector::start().await;
    let proxy = Proxy::to(&collector.address()).await;
    proxy.cut();
    let server = traced(&world, &proxy.url()).await;
    let ada = server.client("ada").await;
    ada.get("/items/1").await;
    let warning = line(&server, "a warning", |line| line["level"] == "WARN").await;
    let message = warning["message"].as_str().expect("a message");
    assert_eq!(
        message,
        format!("traces cannot be sent to {}/v1/traces (otlp.endpoint) and are lost until that works", proxy.url())
    );
    assert!(warning["error"].as_str().is_some_and(|error| error.contains("refused")), "{warning}");
    ada.get("/items/2").await;
    line(&server, "another failure", |line| line["message"].as_str().is_some_and(|told| told.contains("still cannot")))
        .await;
    assert_eq!(ada.get("/items/3").await.json, 3);

    proxy.mend().await;
    let again = async || {
        ada.get("/items/4").await;
        let told = |line: &String| line.contains("traces are sent again");
        server.log().lines().into_iter().find(told)
    };
    let told: Value = serde_json::from_str(&eventually("they are sent again", again).await).expect("JSON");
    assert!(told["lost"].as_u64().is_some_and(|lost| lost >= 2), "{told}");
    collector.span("GET /items/{id}").await;
    let warnings = server.log().lines().iter().filter(|line| line.contains("\"WARN\"")).count();
    assert_eq!(warnings, 1);
}

async fn a_collector_that_hangs_does_not_keep_a_server(world: World) {
    let collector = Collector::start().await;
    let proxy = Proxy::to(&collector.address()).await;
    proxy.withhold();
    let server = traced(&world, &proxy.url()).await;
    server.client("ada").await.get("/items/1").await;
    collector.span("GET /items/{id}").await;
    let log = server.log().clone();
    stop(server).await;
    log.line_with(["the last traces could not be sent within 3s"]).await;
}

async fn a_collector_is_reached_over_tls(world: World) {
    let collector = Collector::start().await;
    let nginx = Nginx::in_front_of(&world, &collector.address()).await;
    let program = traced(&world, &nginx.url()).file("authorities.pem", &nginx.certificate().certificate);
    let authorities = program.folder().join("authorities.pem");
    let server = program.env("SSL_CERT_FILE", &authorities.display().to_string()).await;
    server.client("ada").await.get("/items/7").await;
    collector.span("GET /items/{id}").await;

    // of an authority that the server does not know
    let program = traced(&world, &nginx.url()).file("authorities.pem", &Certificate::new().certificate);
    let authorities = program.folder().join("authorities.pem");
    let server = program.env("SSL_CERT_FILE", &authorities.display().to_string()).await;
    server.client("ada").await.get("/nowhere").await;
    let warning = line(&server, "a warning", |line| line["level"] == "WARN").await;
    assert!(warning["error"].as_str().is_some_and(|error| error.contains("certificate")), "{warning}");
}

/// How many spans had this outcome.
async fn counted(server: &Server, outcome: &str) -> f64 {
    server.metrics().await.sum("lambdio_trace_spans_total", &[("outcome", outcome)])
}

/// Waits until so many spans had this outcome.
async fn becomes(server: &Server, outcome: &str, spans: f64) {
    let what = format!("{spans} spans are {outcome}");
    eventually(&what, async || (counted(server, outcome).await >= spans).then_some(())).await;
}

fn warnings(server: &Server) -> Vec<String> {
    server.log().lines().into_iter().filter(|line| line.contains("\"WARN\"")).collect()
}

async fn what_a_collector_refuses_is_counted_and_told_of_once(world: World) {
    let collector = Collector::start().await;
    collector.refuses(500);
    let server = traced(&world, &collector.url()).await;
    let ada = server.client("ada").await;
    for lost in [1.0, 2.0, 3.0] {
        ada.get("/items/1").await;
        becomes(&server, "failed", lost).await;
    }
    let told = warnings(&server);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("500") && told[0].contains("otlp.endpoint"), "{told:?}");

    collector.takes();
    ada.get("/items/2").await;
    becomes(&server, "sent", 1.0).await;
    let again = line(&server, "they are sent again", |line| line["lost"] == 3).await;
    assert_eq!(again["level"], "INFO");
    assert_eq!(warnings(&server).len(), 1);
}

async fn what_a_collector_does_not_take_of_all_is_counted(world: World) {
    let collector = Collector::start().await;
    collector.rejects(1, "too old");
    let server = traced(&world, &collector.url()).await;
    let ada = server.client("ada").await;
    ada.get("/items/1").await;
    becomes(&server, "rejected", 1.0).await;
    let warning = line(&server, "a warning", |line| line["level"] == "WARN").await;
    assert_eq!((&warning["rejected"], &warning["reason"]), (&Value::from(1), &Value::from("too old")));
    assert!((counted(&server, "sent").await + counted(&server, "failed").await).abs() < 0.1);
}

async fn a_collector_that_asks_for_time_gets_the_spans_later(world: World) {
    let collector = Collector::start().await;
    // after a second, says its answer
    collector.refuses(429);
    let server = traced(&world, &collector.url()).await;
    server.client("ada").await.get("/items/1").await;
    eventually("it is asked", async || (collector.requests() > 0).then_some(())).await;
    collector.takes();
    collector.span("GET /items/{id}").await;
    becomes(&server, "sent", 1.0).await;
    assert_eq!(warnings(&server), [""; 0]);
}

async fn of_too_many_spans_some_are_lost_and_no_event_waits(world: World) {
    let collector = Collector::start().await;
    let proxy = Proxy::to(&collector.address()).await;
    proxy.withhold();
    let server = traced(&world, &proxy.url()).set("log.level=warn,lambdio=info").set("socketio.ping_timeout=1h").await;
    let mut raw = server.raw().await;
    raw.text("40/work,").await;
    raw.next_text("40/work,").await;
    // more than find room in the queue of spans; they are counted once the collector was given up
    let mut rounds = 0;
    while rounds < 100 || counted(&server, "overflow").await < 1.0 {
        rounds += 1;
        for _ in 0..120 {
            raw.text("42/work,[\"anything\"]").await;
        }
        raw.text("42/work,1[\"add\",[1,2]]").await;
        raw.next_text("43/work,1[3]").await;
    }
    proxy.release();
    raw.text("42/work,[\"anything\"]").await;
    let again = line(&server, "they are sent again", |line| line["level"] == "INFO" && line["lost"].is_u64()).await;
    assert!(again["lost"].as_u64().is_some_and(|lost| lost > 1000), "{again}");
    let told = warnings(&server);
    assert!(told.len() == 1 && told[0].contains("no answer within 10s"), "{told:?}");
}
