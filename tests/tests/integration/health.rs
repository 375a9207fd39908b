//! Whether a server lives and is ready, for those who ask from outside.

use lambdio_tests::{ExternalMongod, Response, Server, Signal, World, eventually, free_port, trials};
use serde_json::{Value, json};

trials![
    a_server_says_that_it_lives_and_is_ready,
    only_reading_is_asked_for,
    where_it_is_answered_can_be_chosen,
    it_is_always_answered_beside_the_metrics,
    what_is_answered_there_already_is_a_mistake,
    while_it_starts_a_server_lives_and_is_not_ready,
    while_it_stops_a_server_is_not_ready,
    new_work_is_taken_until_the_delay_has_passed,
    the_applications_own_parts_count,
];

async fn ready(server: &Server) -> Response {
    server.client("load balancer").await.get("/health/ready").await
}

/// Waits until the server says this of its parts.
async fn says(server: &Server, status: u16, parts: Value) {
    let expected = json!({ "status": if status == 200 { "ready" } else { "not_ready" }, "parts": parts });
    let asked = server.client("load balancer").await;
    eventually(&format!("{status} {expected}"), async || {
        let answer = asked.get("/health/ready").await;
        (answer.status == status && answer.json == expected).then_some(())
    })
    .await;
}

async fn a_server_says_that_it_lives_and_is_ready(world: World) {
    let probe = world.probe().await;
    let ready = ready(&probe).await;
    assert_eq!((ready.status, &ready.json), (200, &json!({ "status": "ready", "parts": { "server": "ready" } })));
    let live = probe.client("supervisor").await.get("/health/live").await;
    assert_eq!((live.status, &live.json), (200, &json!({ "status": "live" })));
    for answer in [live, ready] {
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

async fn only_reading_is_asked_for(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let head = ada.request("HEAD", "/health/ready").await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    let post = ada.post("/health/ready", json!({})).await;
    assert_eq!((post.status, post.headers["allow"].as_str()), (405, "GET, HEAD"));
    let other = ada.get("/health").await;
    assert_eq!((other.status, other.error().code.as_str()), (404, "not_found"));
}

async fn where_it_is_answered_can_be_chosen(world: World) {
    let probe = world.probe().set("health.path=/internal/state").await;
    let ada = probe.client("ada").await;
    assert_eq!(ada.get("/internal/state/live").await.status, 200);
    assert_eq!(ada.get("/internal/state/ready").await.status, 200);
    assert_eq!(ada.get("/health/live").await.status, 404);
    let probe = world.probe().set("health.public=false").await;
    let ada = probe.client("ada").await;
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(ada.get(path).await.status, 404, "{path} is not for the public");
    }
}

async fn it_is_always_answered_beside_the_metrics(world: World) {
    let probe = world.probe().set("health.public=false").set("health.path=/up").await;
    let balancer = probe.client("load balancer").await;
    let metrics = probe.client_at("supervisor", &format!("http://{}", probe.metrics_address().await)).await;
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(metrics.get(path).await.status, 200, "{path}");
    }
    for path in ["/health/live", "/up/live"] {
        assert_eq!(balancer.get(path).await.status, 404, "{path}");
    }
}

async fn what_is_answered_there_already_is_a_mistake(world: World) {
    let in_socketio = world.probe().set("health.path=/socket.io/health");
    let not_a_path = world.probe().set("health.path=health/");
    let a_route = world.example("journal").set("health.path=/moved");
    let a_page = world.probe().file("pages/health/live.html", "<!doctype html>").set("pages.dir=pages");
    for (program, parts) in [
        (in_socketio, ["health.path", "socketio.path"]),
        (not_a_path, ["health.path", "must begin with"]),
        (a_route, ["\"/moved/ready\"", "health.path"]),
        (a_page, ["health/live.html", "health.path"]),
    ] {
        let ended = program.run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
        for part in parts {
            assert!(ended.stderr.contains(part), "{part} is missing in: {}", ended.stderr);
        }
    }
    let a_page = world.probe().file("pages/health/live.html", "").set("pages.dir=pages").set("health.public=false");
    assert_eq!(a_page.await.client("ada").await.get("/health/live").await.status, 200, "the page");
}

async fn while_it_starts_a_server_lives_and_is_not_ready(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    let program = world.example("journal").env("LAMBDIO__MONGO__URI", &mongod.uri());
    let metrics = free_port();
    let program = program.set("mongo.server_selection_timeout=2s").set(&format!("metrics.port={metrics}"));
    let server = program.begin(free_port()).await;
    server.log_contains("listening on").await;
    let ada = server.client("ada").await;
    assert_eq!(ada.get("/health/live").await.status, 200);
    let supervisor = server.client_at("supervisor", &format!("http://127.0.0.1:{metrics}")).await;
    for (path, status) in [("/health/live", 200), ("/health/ready", 503), ("/metrics", 200)] {
        assert_eq!(supervisor.get(path).await.status, status, "{path}");
    }
    says(&server, 503, json!({ "database": "starting", "server": "starting" })).await;
    let refused = ada.get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!((refused.status, refused.error().code.as_str()), (503, "unavailable"));
    assert_eq!((refused.headers["retry-after"].as_str(), refused.headers["connection"].as_str()), ("1", "close"));
    let told = server.log_contains("waiting for the database").await;
    assert!(told.contains("mongo.startup_timeout") && told.contains("refused"), "{told}");
    mongod.start().await;
    says(&server, 200, json!({ "database": "ready", "mailer": "ready", "server": "ready" })).await;
    assert_eq!(ada.connect("/journal").await.ask("write", json!(["1"])).await, "1");
}

async fn while_it_stops_a_server_is_not_ready(world: World) {
    let mut probe = world.probe().await;
    let ada = probe.client("ada").await;
    let busy = ada.connect("/limits").await;
    busy.emit("wait", json!([1])).await;
    eventually("it runs", async || (ada.get("/limits/running").await.json == 1).then_some(())).await;
    probe.signal(Signal::TERM);
    says(&probe, 503, json!({ "server": "stopping" })).await;
    assert_eq!(ada.get("/health/live").await.status, 200, "it still answers");
    let told = probe.log_contains("finishing what was accepted").await;
    assert!(told.contains("running=1") && told.contains("clients=1"), "{told}");
    probe.signal(Signal::TERM);
    assert!(probe.wait_exit().await.is_some());
}

async fn new_work_is_taken_until_the_delay_has_passed(world: World) {
    let mut probe = world.probe().set("server.shutdown_delay=6s").await;
    let socket = probe.client("ada").await.connect("/errors").await;
    probe.signal(Signal::TERM);
    says(&probe, 503, json!({ "server": "stopping" })).await;
    assert_eq!(socket.ask("fine", json!([])).await, json!(true), "work is taken");
    let later = probe.client("bob").await.connect("/errors").await;
    assert_eq!(later.ask("fine", json!([])).await, json!(true), "and so are clients");
    probe.log_contains("finishing what was accepted").await;
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn the_applications_own_parts_count(world: World) {
    let server = world.example("journal").with_database().await;
    let ada = server.client("ada").await.connect("/journal").await;
    says(&server, 200, json!({ "database": "ready", "mailer": "ready", "server": "ready" })).await;
    ada.ask("mailer", json!([false])).await;
    says(&server, 503, json!({ "database": "ready", "mailer": "unavailable", "server": "ready" })).await;
    ada.ask("mailer", json!([true])).await;
    says(&server, 200, json!({ "database": "ready", "mailer": "ready", "server": "ready" })).await;
}
