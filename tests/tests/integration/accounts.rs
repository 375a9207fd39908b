//! Accounts over HTTP.

use lambdio_tests::{Client, Response, World, trials};
use serde_json::{Value, json};

trials![
    who_registers_is_logged_in_until_they_log_out,
    who_comes_back_logs_in,
    the_token_is_out_of_reach_of_scripts,
    a_name_belongs_to_one_account,
    of_many_who_register_one_name_at_once_one_gets_it,
    what_cannot_be_a_name_or_a_password_is_told,
    a_wrong_password_and_an_unknown_name_are_told_alike,
    a_query_in_place_of_a_name_is_refused,
    passwords_are_stored_hashed,
    pages_of_other_sites_cannot_log_anybody_in,
    more_log_ins_than_there_is_room_for_are_overloaded,
];

async fn register(client: &Client, name: &str) -> Response {
    client.post("/auth/register", json!({ "name": name, "password": "correct horse" })).await
}

async fn who_registers_is_logged_in_until_they_log_out(world: World) {
    let documents = world.documents().await;
    let ada = documents.client("ada").await;
    assert_eq!(ada.get("/auth/me").await.error().code, "unauthenticated");
    let welcome = register(&ada, "Ada").await;
    assert_eq!((welcome.status, &welcome.json["name"]), (201, &json!("Ada")));
    let me = ada.get("/auth/me").await;
    assert_eq!((me.status, &me.json["id"], &me.json["name"]), (200, &welcome.json["id"], &json!("Ada")));
    assert_eq!(ada.post("/auth/logout", json!({})).await.status, 204);
    assert_eq!(ada.get("/auth/me").await.status, 401);
}

async fn who_comes_back_logs_in(world: World) {
    let documents = world.documents().await;
    let welcome = register(&documents.client("ada").await, "Ada").await;
    let elsewhere = documents.client("ada elsewhere").await;
    let back = elsewhere.post("/auth/login", json!({ "name": "ADA", "password": "correct horse" })).await;
    assert_eq!((back.status, &back.json["id"]), (200, &welcome.json["id"]), "case does not matter");
    assert_eq!(elsewhere.get("/auth/me").await.status, 200);
}

async fn the_token_is_out_of_reach_of_scripts(world: World) {
    let documents = world.documents().await;
    let welcome = register(&documents.client("ada").await, "Ada").await;
    let cookie = welcome.headers.get("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("lambdio_token="), "{cookie}");
    for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(attribute), "{cookie} has no {attribute}");
    }
    let token = cookie.trim_start_matches("lambdio_token=").split(';').next().unwrap_or_default();
    assert!(!welcome.text.contains(token), "the token is in the cookie only");
}

async fn a_name_belongs_to_one_account(world: World) {
    let documents = world.documents().await;
    assert_eq!(register(&documents.client("ada").await, "Ada").await.status, 201);
    let second = register(&documents.client("another").await, "aDA").await;
    assert_eq!((second.status, second.error().code.as_str()), (409, "name_taken"));
}

async fn of_many_who_register_one_name_at_once_one_gets_it(world: World) {
    let documents = world.documents().set("auth.accounts.bcrypt_cost=4").set("auth.accounts.hash_queue=100").await;
    let mut waiting = Vec::new();
    for number in 0..100 {
        let client = documents.client(&format!("client {number}")).await;
        waiting.push(async move { register(&client, "Ada").await.status });
    }
    let mut answers = futures_util::future::join_all(waiting).await;
    answers.sort_unstable();
    assert_eq!(answers[0], 201);
    assert!(answers[1..].iter().all(|status| *status == 409), "{answers:?}");
}

async fn what_cannot_be_a_name_or_a_password_is_told(world: World) {
    let documents = world.documents().await;
    let nobody = documents.client("nobody").await;
    let cases = [
        (json!({ "name": "", "password": "correct horse" }), "invalid_name"),
        (json!({ "name": " ada", "password": "correct horse" }), "invalid_name"),
        (json!({ "name": "a\u{0}da", "password": "correct horse" }), "invalid_name"),
        (json!({ "name": "x".repeat(65), "password": "correct horse" }), "invalid_name"),
        (json!({ "name": "ada", "password": "short" }), "invalid_password"),
        (json!({ "name": "ada", "password": "x".repeat(72) }), "invalid_password"),
        (json!({ "name": "ada", "password": "with a \u{0} inside" }), "invalid_password"),
        (json!({ "name": "ada" }), "invalid_payload"),
        (json!({ "name": "ada", "password": "correct horse", "role": "admin" }), "invalid_payload"),
        (Value::Null, "invalid_payload"),
    ];
    for (body, code) in cases {
        let answer = nobody.post("/auth/register", body.clone()).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (400, code), "{body}");
    }
    assert_eq!(nobody.get("/auth/me").await.status, 401, "nobody got in");
}

async fn a_wrong_password_and_an_unknown_name_are_told_alike(world: World) {
    let documents = world.documents().await;
    register(&documents.client("ada").await, "Ada").await;
    let mallory = documents.client("mallory").await;
    let mut answers = Vec::new();
    for (name, password) in [("Ada", "wrong horse"), ("Nobody", "wrong horse"), ("Ada", ""), ("Ada", &"x".repeat(200))]
    {
        let answer = mallory.post("/auth/login", json!({ "name": name, "password": password })).await;
        assert!(!answer.headers.contains_key("set-cookie"));
        answers.push((answer.status, answer.error().code, answer.error().message));
    }
    assert_eq!((answers[0].0, answers[0].1.as_str()), (401, "invalid_credentials"));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

async fn a_query_in_place_of_a_name_is_refused(world: World) {
    let documents = world.documents().await;
    register(&documents.client("ada").await, "Ada").await;
    let mallory = documents.client("mallory").await;
    let answer = mallory.post("/auth/login", json!({ "name": { "$ne": null }, "password": "correct horse" })).await;
    assert_eq!((answer.status, answer.error().code.as_str()), (400, "invalid_payload"));
    assert_eq!(answer.error().details["path"], "name");
}

async fn passwords_are_stored_hashed(world: World) {
    let documents = world.documents().await;
    register(&documents.client("ada").await, "Ada").await;
    let accounts = world.database().await.handle.collection::<mongodb::bson::Document>("lambdio_accounts");
    let account = accounts.find_one(mongodb::bson::doc! {}).await.expect("an answer").expect("an account");
    assert!(account.get_str("password_hash").expect("a hash").starts_with("$2b$08$"), "{account}");
    assert!(!account.to_string().contains("correct horse"));
}

async fn pages_of_other_sites_cannot_log_anybody_in(world: World) {
    let documents = world.documents().await;
    let ada = documents.client("ada").await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let body = json!({ "name": "ada", "password": "correct horse" });
        let answer = ada.post("/auth/register", body).header("origin", origin).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (403, "forbidden"), "{origin}");
        let polling = ada.get("/socket.io/?EIO=4&transport=polling").header("origin", origin).await;
        assert_eq!(polling.status, 403, "{origin}");
    }
    let own = ada.get("/socket.io/?EIO=4&transport=polling").header("origin", documents.url()).await;
    assert_eq!(own.status, 200);
}

async fn more_log_ins_than_there_is_room_for_are_overloaded(world: World) {
    let settings = ["auth.accounts.bcrypt_cost=12", "auth.accounts.parallel_hashes=1", "auth.accounts.hash_queue=1"];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
    let mut waiting = Vec::new();
    for number in 0..8 {
        let client = documents.client(&format!("client {number}")).await;
        waiting.push(async move { register(&client, &format!("client {number}")).await });
    }
    let answers = futures_util::future::join_all(waiting).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 201).collect();
    assert!(!refused.is_empty() && refused.len() < 8, "{} of 8 were refused", refused.len());
    assert!(refused.iter().all(|answer| (answer.status, answer.error().code.as_str()) == (503, "overloaded")));
}
