//! Limits of routes: the same as those of events.

use futures_util::future::join_all;
use lambdio_tests::{Server, World, eventually, trials};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

trials![
    so_many_requests_of_a_route_are_served_at_the_same_time,
    a_request_that_finds_no_slot_waits,
    the_deadline_of_a_request_counts_from_acceptance,
    a_route_has_a_deadline_of_its_own,
    a_body_over_the_route_s_limit_is_told,
    a_route_that_is_switched_off_says_so,
    an_address_that_asks_too_often_is_told_when_to_try_again,
    a_user_that_asks_too_often_is_told_when_to_try_again,
    who_brings_a_wrong_token_has_no_limit_of_a_user_s,
    the_routes_of_accounts_have_limits,
    the_list_of_handlers_shows_the_terms_of_a_route,
    settings_of_a_route_that_does_not_exist_lead_to_the_right_one,
    what_cannot_be_set_for_a_route_is_told,
];

/// Lets those go who wait. Says who they were.
async fn open(probe: &Server) -> Vec<Value> {
    let opened = probe.client("opener").await.post("/limits/open", json!({})).await.json;
    opened.as_array().cloned().unwrap_or_default()
}

async fn so_many_requests_of_a_route_are_served_at_the_same_time(world: World) {
    let probe = world.probe().await;
    let mut asked = Vec::new();
    for number in 0..12 {
        let client = probe.client(&format!("client {number}")).await;
        asked.push(async move { client.post("/limits/two_at_a_time", json!(null)).await.status });
    }
    assert!(join_all(asked).await.iter().all(|status| *status == 204));
    assert_eq!(probe.client("ada").await.get("/limits/most").await.json, json!(2));
}

async fn a_request_that_finds_no_slot_waits(world: World) {
    let probe = world.probe().set("routes.\"POST /limits/wait\".max_in_flight=1").await;
    let mut asked = Vec::new();
    for number in 0..3 {
        let client = probe.client(&format!("client {number}")).await;
        asked.push(async move { client.post("/limits/wait", json!(number)).await.json });
    }
    let opening = async {
        let mut began = Vec::new();
        eventually("each has begun", async || {
            let waiting = open(&probe).await;
            assert!(waiting.len() <= 1, "one at a time: {waiting:?}");
            began.extend(waiting);
            (began.len() == 3).then_some(())
        })
        .await;
    };
    let (answers, ()) = tokio::join!(join_all(asked), opening);
    assert_eq!(json!(answers), json!([0, 1, 2]));
}

async fn the_deadline_of_a_request_counts_from_acceptance(world: World) {
    const DEADLINE: Duration = Duration::from_secs(1);
    let route = "routes.\"POST /limits/wait\"";
    let probe = world.probe().set(&format!("{route}.max_in_flight=1")).set(&format!("{route}.timeout=1s")).await;
    let mut asked = Vec::new();
    for number in 0..6 {
        let client = probe.client(&format!("client {number}")).await;
        asked.push(async move { client.post("/limits/wait", json!(number)).await.error().code });
    }
    let started = Instant::now();
    assert!(join_all(asked).await.iter().all(|code| code == "timeout"));
    // one after the other, each with a deadline from its own beginning, would be six
    assert!(started.elapsed() < DEADLINE * 4, "{:?}", started.elapsed());
}

async fn a_route_has_a_deadline_of_its_own(world: World) {
    let ada = world.probe().await;
    let ada = (ada.client("ada").await, ada);
    let late = ada.0.post("/limits/never", json!(null)).await;
    assert_eq!((late.status, late.error().code.as_str()), (504, "timeout"));
    let probe = world.probe().set("routes.\"POST /limits/wait\".timeout=50ms").await;
    let late = probe.client("bob").await.post("/limits/wait", json!(1)).await;
    assert_eq!((late.status, late.error().code.as_str()), (504, "timeout"));
}

async fn a_body_over_the_route_s_limit_is_told(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let long = ada.post("/limits/short", json!("x".repeat(100))).await;
    assert_eq!((long.status, long.error().code.as_str()), (413, "payload_too_large"));
    assert_eq!(long.error().message, "the body is larger than 100 bytes");
    assert_eq!(ada.post("/limits/short", json!("x".repeat(98))).await.json, json!(98));

    let probe = world.probe().set("routes.\"POST /limits/short\".max_payload_size=200B").await;
    let ada = probe.client("ada").await;
    assert_eq!(ada.post("/limits/short", json!("x".repeat(100))).await.json, json!(100));
    assert_eq!(ada.post("/limits/short", json!("x".repeat(200))).await.status, 413);
}

async fn a_route_that_is_switched_off_says_so(world: World) {
    let probe = world.probe().set("routes.\"POST /limits/short\".enabled=false").await;
    let ada = probe.client("ada").await;
    let off = ada.post("/limits/short", json!("x")).await;
    assert_eq!((off.status, off.error().code.as_str()), (503, "disabled"));
    assert_eq!(ada.get("/limits/most").await.json, json!(0), "others are served");
}

async fn an_address_that_asks_too_often_is_told_when_to_try_again(world: World) {
    let probe = world.probe().set("routes.\"GET /limits/most\".rate_limit.per_address=3/h").await;
    for name in ["ada", "bob", "eve"] {
        assert_eq!(probe.client(name).await.get("/limits/most").await.status, 200);
    }
    let ada = probe.client("ada").await;
    let refused = ada.get("/limits/most").await;
    assert_eq!((refused.status, refused.error().code.as_str()), (429, "rate_limited"));
    let after = refused.error().retry_after_ms.expect("it says when");
    assert!((1_000_000..=1_200_000).contains(&after), "{after}");
    let header: u64 = refused.headers["retry-after"].parse().expect("seconds");
    assert_eq!(header, after.div_ceil(1_000));
    assert_eq!(ada.post("/limits/short", json!("x")).await.status, 200, "other routes have limits of their own");
}

async fn a_user_that_asks_too_often_is_told_when_to_try_again(world: World) {
    let server = world.members().set("routes.\"GET /me\".rate_limit.per_user=2/h").await;
    let ((ada, _), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    for _ in 0..2 {
        assert_eq!(ada.get("/me").await.json, json!("Ada"));
    }
    let refused = ada.get("/me").await;
    assert_eq!((refused.status, refused.error().code.as_str()), (429, "rate_limited"));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(bob.get("/me").await.json, json!("Bob"));
    for _ in 0..3 {
        assert_eq!(server.client("nobody").await.get("/me").await.status, 401, "nobody has no limit of a user's");
    }
}

async fn who_brings_a_wrong_token_has_no_limit_of_a_user_s(world: World) {
    let server = world.documents().set("routes.\"POST /auth/register\".rate_limit.per_user=1/h").await;
    let ada = server.client("ada").await;
    for name in ["Ada", "Bob"] {
        let body = json!({ "name": name, "password": "correct horse" });
        let answer = ada.post("/auth/register", body).header("authorization", "Bearer expired").await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
}

async fn the_routes_of_accounts_have_limits(world: World) {
    let settings = "[routes.\"POST /auth/register\"]\nrate_limit.per_address = \"2/h\"\nmax_payload_size = \"100B\"\n\
                    [routes.\"POST /auth/logout\"]\nenabled = false\n";
    let server = world.documents().file("config/local.toml", settings).await;
    let ada = server.client("ada").await;
    let register =
        async |name: &str| ada.post("/auth/register", json!({ "name": name, "password": "correct horse" })).await;
    assert_eq!(register("Ada").await.status, 201);
    assert_eq!(register(&"x".repeat(100)).await.error().code, "payload_too_large");
    let refused = register("Bob").await;
    assert_eq!((refused.status, refused.error().code.as_str()), (429, "rate_limited"));
    assert_eq!(ada.request("POST", "/auth/logout").await.error().code, "disabled");
    assert_eq!(ada.get("/auth/me").await.status, 200, "other routes are served");
}

async fn the_list_of_handlers_shows_the_terms_of_a_route(world: World) {
    let program = || world.probe().set("routes.\"POST /limits/short\".enabled=false");
    let listed = program().args(["handlers"]).run().await;
    let line = |start: &str| listed.stdout.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert!(line("POST /limits/never ").ends_with(", within 100ms"), "{}", listed.stdout);
    assert!(line("POST /limits/short ").ends_with(", within 10s, switched off"), "{}", listed.stdout);
    let listed = program().args(["handlers", "--json"]).run().await;
    let list: Vec<Value> = serde_json::from_str(&listed.stdout).expect("a JSON array");
    let short = list.iter().find(|line| line["path"] == "/limits/short").expect("the route");
    assert_eq!((&short["timeout_ms"], &short["enabled"]), (&json!(10_000), &json!(false)));
}

async fn settings_of_a_route_that_does_not_exist_lead_to_the_right_one(world: World) {
    for (wrong, right) in [
        ("POST /limits/shrot", "POST /limits/short"),
        ("post /limits/short", "POST /limits/short"),
        ("GET /errors/edit/{id}", "GET /errors/edit/{document}"),
    ] {
        let settings = format!("[routes.{wrong:?}]\ntimeout = \"1s\"\n");
        let ended = world.probe().file("config/local.toml", &settings).run().await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let expected = format!("local.toml:1: routes.{wrong:?}: there is no such route; did you mean {right:?}?");
        assert!(ended.stderr.contains(&expected), "{expected} is missing in: {}", ended.stderr);
    }
}

async fn what_cannot_be_set_for_a_route_is_told(world: World) {
    let settings = "[routes.\"POST /limits/short\"]\nconcurrent = true\nrate_limit.per_socket = \"1/s\"\nroles = []\n";
    let ended = world.probe().file("config/local.toml", settings).run().await;
    for part in [
        "local.toml:2: routes.\"POST /limits/short\".concurrent: unknown key",
        "local.toml:3: routes.\"POST /limits/short\".rate_limit.per_socket: unknown key",
        "local.toml:4: routes.\"POST /limits/short\".roles: names no role",
    ] {
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
}
