//! Sessions that end, or change, in the very moment they are used.

use lambdio_tests::{Client, World, trials};
use serde_json::{Value, json};

trials![
    who_loses_a_role_while_being_let_in_has_it_no_more,
    what_waits_for_its_turn_is_refused_after_the_session,
    who_comes_with_little_time_left_is_told_at_once,
    who_waits_outside_while_it_is_time_to_be_told_is_told_once_inside,
    a_new_login_ends_the_session_whose_cookie_it_replaces,
    a_login_without_cookies_ends_no_other,
    no_cache_keeps_what_is_for_one_client,
];

async fn sent(client: &Client, path: &str, name: &str, bearer: bool) -> Value {
    let body = json!({ "name": name, "password": "correct horse", "bearer": bearer });
    let answer = client.post(path, body).await;
    assert!(answer.status < 300, "{}", answer.text);
    answer.json
}

async fn who_loses_a_role_while_being_let_in_has_it_no_more(world: World) {
    let server = world.members().set("handlers.\"/members\".sleep.timeout=5s").await;
    let ((ada, id), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let bob = bob.connect("/members").await;
    bob.ask("set_roles", json!([id, ["admin"]])).await;
    let token = sent(&ada, "/auth/login", "Ada", true).await["token"].clone();
    let enter = format!("40/members,{}", json!({ "token": token }));
    let mut raw = server.raw().await;
    raw.text(&enter).await;
    raw.next_text("40/members").await;
    // who comes back is known at once, and let in when the last event has ended
    raw.text(r#"42/members,["sleep"]"#).await;
    raw.text("41/members,").await;
    raw.text(&enter).await;
    // as nobody; what was sent before is on its way by then
    raw.text("40/guests,").await;
    raw.next_text("40/guests").await;
    bob.ask("set_roles", json!([id, []])).await;
    let answer = raw.next_text("4").await;
    if !answer.starts_with("44/members") {
        // she came after the change
        raw.text(r#"42/members,1["my_roles"]"#).await;
        assert_eq!(raw.next_text("43/members").await, "43/members,1[[]]", "{answer}");
    }
}

async fn what_waits_for_its_turn_is_refused_after_the_session(world: World) {
    let settings = ["events.max_in_flight=1", "handlers.\"/members\".sleep.timeout=5s"];
    let server = settings.iter().fold(world.members(), |program, setting| program.set(setting));
    let server = server.set("handlers.\"/members\".tell_others.concurrent=true").await;
    let ((ada, _), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let (ada, socket) = (ada.connect("/members").await, bob.connect("/members").await);
    ada.emit("sleep", json!([])).await;
    // answered without a turn, and after what came before
    ada.emit("nothing", json!([])).await;
    socket.emit("tell_others", json!(["too late"])).await;
    assert_eq!(socket.ask_error("nothing", json!([])).await.code, "unknown_event");
    assert_eq!(bob.post("/auth/logout", json!({})).await.status, 204);
    assert_eq!(socket.next("auth:ended").await[0]["code"], "logged_out");
    let (event, error) = ada.next_exception().await;
    assert_eq!((event, error.code.as_str()), (json!("sleep"), "timeout"));
    assert_eq!(ada.ask("who_am_i", json!([])).await[1], "Ada", "it is her turn after his");
    let heard = ada.events_seen().await;
    assert!(!format!("{heard:?}").contains("too late"), "{heard:?}");
}

async fn who_comes_with_little_time_left_is_told_at_once(world: World) {
    let server = world.members().set("auth.access_token_lifetime=30m").set("auth.expiry_notice=1h").await;
    let (ada, _) = server.registered("Ada").await;
    let told = ada.connect("/members").await.next("auth:expiring").await;
    assert!(told[0]["expires_in_ms"].as_u64().is_some_and(|left| left > 60_000), "{told}");
}

async fn who_waits_outside_while_it_is_time_to_be_told_is_told_once_inside(world: World) {
    // due two or three seconds after the login
    let server = world.members().set("auth.access_token_lifetime=1h").set("auth.expiry_notice=59m57s").await;
    let (ada, _) = server.registered("Ada").await;
    let porch = ada.connect("/porch").await;
    porch.next("auth:expiring").await;
    assert_eq!(porch.ask_error("nothing", json!([])).await.code, "unknown_event");
    let heard = porch.events_seen().await;
    assert_eq!(heard.iter().filter(|seen| seen.event == "auth:expiring").count(), 1, "{heard:?}");
}

async fn a_new_login_ends_the_session_whose_cookie_it_replaces(world: World) {
    let server = world.members().await;
    let ((ada, _), (phone, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    sent(&phone, "/auth/login", "Ada", false).await;
    assert_eq!(ada.get("/auth/sessions").await.json.as_array().map(Vec::len), Some(2));
    let socket = phone.connect("/members").await;
    sent(&phone, "/auth/login", "Ada", false).await;
    assert_eq!(socket.next("auth:ended").await[0]["code"], "logged_out");
    sent(&phone, "/auth/login", "Bob", false).await;
    assert_eq!(phone.get("/auth/sessions").await.json.as_array().map(Vec::len), Some(1), "his first one has ended");
    assert_eq!(ada.get("/auth/sessions").await.json.as_array().map(Vec::len), Some(1), "hers elsewhere goes on");
}

async fn a_login_without_cookies_ends_no_other(world: World) {
    let server = world.members().await;
    let (ada, _) = server.registered("Ada").await;
    sent(&ada, "/auth/login", "Ada", true).await;
    assert_eq!(ada.get("/auth/sessions").await.json.as_array().map(Vec::len), Some(2));
    let wrong = ada.post("/auth/login", json!({ "name": "Ada", "password": "wrong horse" })).await;
    assert_eq!((wrong.status, ada.get("/me").await.status), (401, 200));
}

async fn no_cache_keeps_what_is_for_one_client(world: World) {
    let server = world.members().await;
    let ada = server.client("Ada").await;
    let body = json!({ "name": "Ada", "password": "correct horse", "bearer": true });
    let machine = ada.post("/auth/register", body.clone()).await;
    let login = ada.post("/auth/login", json!({ "name": "Ada", "password": "correct horse" })).await;
    let (me, sessions) = (ada.get("/auth/me").await, ada.get("/auth/sessions").await);
    let out = ada.post("/auth/logout", json!({})).await;
    for answer in [machine, login, me, sessions, out] {
        assert_eq!(answer.headers.get("cache-control").map(String::as_str), Some("no-store"), "{answer:?}");
    }
}
