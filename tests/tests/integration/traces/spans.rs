//! What is told of an invocation, and which of them are told.

use super::{SPAN, TRACE, line, names, stop, traced, traceparent};
use lambdio_tests::{Collector, World, trials};
use serde_json::json;

trials![
    an_event_is_a_span,
    what_a_client_made_up_is_in_no_name,
    a_request_continues_the_trace_of_who_asks,
    a_failure_has_a_status_and_a_mistake_of_the_client_has_none,
    the_events_of_a_socket_lead_to_what_let_it_in,
    a_share_is_sent,
    only_a_trusted_proxy_says_what_is_sent,
];

async fn an_event_is_a_span(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).set("namespaces.\"/work\".auth=optional").await;
    let socket = server.client("ada").await.connect("/work").headers(json!({ "x-name": "ada" })).await;
    assert_eq!(socket.ask("add", json!([[1, 2]])).await, 3);

    let span = collector.span("add /work").await;
    let record = line(&server, "the record", |line| line["message"] == "served" && line["event"] == "add").await;
    assert_eq!(record["trace"], span.trace);
    let told = line(&server, "what the author tells", |line| line["message"] == "adding").await;
    assert_eq!(told["trace"], span.trace);
    assert_eq!((span.kind, &span.parent, &span.error), ("CONSUMER", &None, &None));
    let mut attributes = span.attributes;
    let queued = attributes.remove("lambdio.queue_ms").expect("how long it waited");
    assert!(queued.as_f64().is_some_and(|waited| waited <= span.duration.as_secs_f64() * 1e3), "{queued}");
    let expected = json!({
        "messaging.system": "socket.io",
        "messaging.operation.type": "process",
        "messaging.operation.name": "add",
        "messaging.destination.name": "/work",
        "lambdio.event": "add",
        "lambdio.invocation": record["invocation"],
        "lambdio.outcome": "ok",
        "lambdio.request": record["request"],
        "lambdio.socket": record["socket"],
        "enduser.id": "ada",
    });
    assert_eq!(json!(attributes), expected);
}

async fn what_a_client_made_up_is_in_no_name(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).await;
    let ada = server.client("ada").await;
    let socket = ada.connect("/work").await;
    socket.emit("made up", json!([])).await;
    let span = collector.span("* /work").await;
    assert_eq!(span.attributes["lambdio.event"], "made up");

    assert_eq!(ada.connect("/nowhere").refused().await.message, "Invalid namespace");
    let span = collector.span("connect").await;
    assert_eq!((span.kind, &span.attributes["messaging.destination.name"]), ("CONSUMER", &json!("/nowhere")));
    assert_eq!(span.attributes["lambdio.outcome"], "not_found");

    assert_eq!(ada.get("/nowhere").await.status, 404);
    let span = collector.span("GET").await;
    assert_eq!(span.attributes["url.path"], "/nowhere");
    assert_eq!(span.attributes["http.response.status_code"], 404);
    ada.request("PROPFIND", "/nowhere").await;
    let span = collector.span("HTTP").await;
    assert_eq!(span.attributes["http.request.method"], "_OTHER");
    assert_eq!(span.attributes["http.request.method_original"], "PROPFIND");
}

async fn a_request_continues_the_trace_of_who_asks(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).await;
    let ada = server.client("ada").await;
    let answer = ada.get("/items/7").header("traceparent", &traceparent("01")).await;
    assert_eq!((answer.status, &answer.json), (200, &json!(7)));
    let span = collector.span("GET /items/{id}").await;
    assert_eq!((span.trace.as_str(), span.parent.as_deref()), (TRACE, Some(SPAN)));
    assert!(span.parent_is_remote);
    assert_eq!(span.kind, "SERVER");
    assert_eq!(span.attributes["http.request.method"], "GET");
    assert_eq!(span.attributes["http.route"], "/items/{id}");
    assert_eq!(span.attributes["http.response.status_code"], 200);
    assert_eq!(span.attributes["lambdio.request"], answer.headers["x-request-id"]);
    let record =
        line(&server, "the record", |line| line["message"] == "served" && line["route"] == "/items/{id}").await;
    assert_eq!(record["trace"], TRACE);

    assert_eq!(ada.post("/sums", json!([1, 2])).await.json, 3);
    let attributes = collector.span("POST /sums").await.attributes;
    assert!(attributes["lambdio.body_ms"].as_f64().is_some_and(|waited| waited >= 0.0), "{attributes:?}");

    // nonsense begins a trace
    ada.get("/nowhere").header("traceparent", "00-nonsense-01").await;
    let span = collector.span("GET").await;
    assert_eq!(span.parent, None);
    assert_ne!(span.trace, TRACE);
}

async fn a_failure_has_a_status_and_a_mistake_of_the_client_has_none(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).await;
    let ada = server.client("ada").await;
    let socket = ada.connect("/work").await;
    assert_eq!(socket.ask_error("break", json!([])).await.code, "internal");
    let span = collector.span("break /work").await;
    assert_eq!(span.error.as_deref(), Some("the cause"));
    assert_eq!(
        (&span.attributes["error.type"], &span.attributes["lambdio.outcome"]),
        (&json!("internal"), &json!("internal"))
    );

    assert_eq!(socket.ask_error("add", json!(["no numbers"])).await.code, "invalid_payload");
    let span = collector.span("add /work").await;
    assert_eq!((span.error, span.attributes.get("error.type")), (None, None));
    assert_eq!(span.attributes["lambdio.outcome"], "invalid_payload");

    assert_eq!(ada.get("/items/none").await.status, 400);
    let span = collector.span("GET /items/{id}").await;
    assert_eq!((span.error, &span.attributes["http.response.status_code"]), (None, &json!(400)));
}

async fn the_events_of_a_socket_lead_to_what_let_it_in(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).await;
    let ada = server.client("ada").await;
    let socket = ada.connect("/work").headers(json!({ "traceparent": traceparent("01") })).await;
    socket.ask("add", json!([[1, 2]])).await;
    socket.close().await;

    let entry = collector.span("connect /work").await;
    assert_eq!((entry.trace.as_str(), entry.parent.as_deref(), entry.kind), (TRACE, Some(SPAN), "CONSUMER"));
    let connect = collector.span("connect handler /work").await;
    assert_eq!((&connect.trace, connect.parent.as_ref(), connect.kind), (&entry.trace, Some(&entry.id), "INTERNAL"));
    for name in ["add /work", "disconnect /work"] {
        let span = collector.span(name).await;
        assert_eq!((span.parent, span.links), (None, vec![entry.id.clone()]), "{name}");
        assert_ne!(span.trace, entry.trace, "{name}: a socket may be there for days");
    }
}

async fn a_share_is_sent(world: World) {
    let collector = Collector::start().await;
    let server = traced(&world, &collector.url()).set("otlp.sample=0.25").await;
    let socket = server.client("ada").await.connect("/work").await;
    for _ in 0..100 {
        socket.ask("add", json!([[1, 2]])).await;
    }
    stop(server).await;
    let sent = collector.spans().iter().filter(|span| span.name == "add /work").count();
    assert!((20..=30).contains(&sent), "{sent}");
}

async fn only_a_trusted_proxy_says_what_is_sent(world: World) {
    for (settings, expected) in [
        (["otlp.sample=0.0", "server.trusted_proxies=[]"], [false, false]),
        (["otlp.sample=1.0", "server.trusted_proxies=[]"], [true, true]),
        (["otlp.sample=0.0", "server.trusted_proxies=[\"127.0.0.1\"]"], [false, true]),
        (["otlp.sample=1.0", "server.trusted_proxies=[\"127.0.0.1\"]"], [false, true]),
    ] {
        let collector = Collector::start().await;
        let server =
            settings.iter().fold(traced(&world, &collector.url()), |program, setting| program.set(setting)).await;
        let ada = server.client("ada").await;
        ada.get("/items/1").header("traceparent", &traceparent("00")).await;
        ada.get("/nowhere").header("traceparent", &traceparent("01")).await;
        stop(server).await;
        let spans = collector.spans();
        assert_eq!(["GET /items/{id}", "GET"].map(|name| names(&spans).contains(&name)), expected, "{settings:?}");
    }
}
