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
    while_passwords_wait_everything_else_goes_on,
    names_that_read_alike_are_one,
    an_old_hash_is_brought_to_the_present_cost,
    who_guesses_a_password_is_slowed_down,
    who_guesses_elsewhere_does_not_keep_the_owner_out,
    who_guesses_many_passwords_from_one_address_is_slowed_down,
    who_registers_many_accounts_from_one_address_is_slowed_down,
    with_https_the_names_of_cookies_insist_on_it,
    outside_development_cookies_insist_on_https,
    two_cookies_of_our_name_are_refused,
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
    let settings = [
        "auth.accounts.bcrypt_cost=4",
        "auth.accounts.hash_queue=100",
        "auth.accounts.login_rate_limit.per_address=1000/s",
    ];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
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

async fn while_passwords_wait_everything_else_goes_on(world: World) {
    let settings = [
        "auth.accounts.bcrypt_cost=12",
        "auth.accounts.parallel_hashes=1",
        "handlers.\"/documents\".list.rate_limit.per_user=10000/s",
    ];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
    let ada = documents.client("ada").await;
    register(&ada, "Ada").await;
    let socket = ada.connect("/documents").await;
    let mut clients = Vec::new();
    for number in 0..6 {
        clients.push((number, documents.client(&format!("client {number}")).await));
    }
    // each hash takes a core for long; meanwhile events and requests are served, however many
    let hashing = clients.into_iter().map(|(number, client)| {
        tokio::spawn(async move { register(&client, &format!("client {number}")).await.status })
    });
    let hashing: Vec<_> = hashing.collect();
    let mut served = 0;
    while hashing.iter().any(|one| !one.is_finished()) {
        assert!(socket.ask("list", json!([])).await.is_array());
        assert_eq!(ada.get("/auth/me").await.status, 200);
        served += 1;
    }
    assert!(served >= 6, "{served} served while 6 passwords were hashed one by one");
    for status in hashing {
        assert_eq!(status.await.expect("an answer"), 201);
    }
}

async fn names_that_read_alike_are_one(world: World) {
    let documents = world.documents().set("auth.accounts.bcrypt_cost=4").await;
    let welcome = register(&documents.client("zoe").await, "Zo\u{eb}").await;
    for same in ["zo\u{eb}", "ZO\u{cb}", "Zoe\u{308}", "\u{ff3a}\u{ff4f}\u{eb}"] {
        let again = register(&documents.client("another").await, same).await;
        assert_eq!((again.status, again.error().code.as_str()), (409, "name_taken"), "{same}");
        let login =
            documents.client(same).await.post("/auth/login", json!({ "name": same, "password": "correct horse" }));
        assert_eq!(login.await.json["id"], welcome.json["id"], "{same}");
    }
    assert_eq!(register(&documents.client("zoe without dots").await, "Zoe").await.status, 201);
}

async fn an_old_hash_is_brought_to_the_present_cost(world: World) {
    let cheap = world.documents().set("auth.accounts.bcrypt_cost=4").await;
    register(&cheap.client("ada").await, "Ada").await;
    drop(cheap);
    let documents = world.documents().set("auth.accounts.bcrypt_cost=5").await;
    let accounts = world.database().await.handle.collection::<mongodb::bson::Document>("lambdio_accounts");
    let hash = async || {
        let account = accounts.find_one(mongodb::bson::doc! {}).await.expect("an answer").expect("an account");
        account.get_str("password_hash").expect("a hash").to_owned()
    };
    let ada = documents.client("ada").await;
    let login =
        async |password: &str| ada.post("/auth/login", json!({ "name": "Ada", "password": password })).await.status;
    assert_eq!((login("wrong horse").await, hash().await.starts_with("$2b$04$")), (401, true));
    assert_eq!((login("correct horse").await, hash().await.starts_with("$2b$05$")), (200, true));
    assert_eq!(login("correct horse").await, 200);
}

async fn guess(client: &Client, name: &str, password: &str, from: &str) -> Response {
    let body = json!({ "name": name, "password": password });
    client.post("/auth/login", body).header("x-forwarded-for", from).await
}

async fn who_guesses_a_password_is_slowed_down(world: World) {
    let settings = ["auth.accounts.bcrypt_cost=4", "auth.accounts.login_rate_limit.per_account=3/h"];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
    let mallory = documents.client("mallory").await;
    register(&documents.client("ada").await, "Ada").await;
    for name in ["Ada", "Nobody"] {
        for _ in 0..3 {
            assert_eq!(guess(&mallory, name, "wrong horse", "").await.error().code, "invalid_credentials");
        }
        let slowed = guess(&mallory, &name.to_uppercase(), "correct horse", "").await;
        let error = slowed.error();
        assert_eq!((slowed.status, error.code.as_str()), (429, "rate_limited"), "{name}");
        assert!(error.retry_after_ms.is_some() && slowed.headers.contains_key("retry-after"));
    }
}

async fn who_guesses_elsewhere_does_not_keep_the_owner_out(world: World) {
    let settings = [
        "auth.accounts.bcrypt_cost=4",
        "auth.accounts.login_rate_limit.per_account=3/h",
        "server.trusted_proxies=[\"127.0.0.1\"]",
    ];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
    let (ada, mallory) = (documents.client("ada").await, documents.client("mallory").await);
    let body = json!({ "name": "Ada", "password": "correct horse" });
    ada.post("/auth/register", body).header("x-forwarded-for", "192.0.2.1").await;
    for number in 0..6 {
        let answer = guess(&mallory, "Ada", "wrong horse", &format!("198.51.100.{number}")).await;
        assert_eq!(answer.status, if number < 3 { 401 } else { 429 }, "all addresses together have three guesses");
    }
    assert_eq!(guess(&ada, "Ada", "correct horse", "192.0.2.1").await.status, 200, "where she was before");
    assert_eq!(guess(&ada, "Ada", "correct horse", "203.0.113.1").await.status, 429, "where she never was");
}

async fn who_guesses_many_passwords_from_one_address_is_slowed_down(world: World) {
    let settings = [
        "auth.accounts.bcrypt_cost=4",
        "auth.accounts.login_rate_limit.per_address=3/h",
        "server.trusted_proxies=[\"127.0.0.1\"]",
    ];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
    let mallory = documents.client("mallory").await;
    for number in 0..5 {
        let answer = guess(&mallory, &format!("name {number}"), "wrong horse", "192.0.2.1").await;
        assert_eq!(answer.status, if number < 3 { 401 } else { 429 });
    }
    assert_eq!(guess(&mallory, "Ada", "wrong horse", "192.0.2.2").await.status, 401, "another address");
}

async fn who_registers_many_accounts_from_one_address_is_slowed_down(world: World) {
    let settings = ["auth.accounts.bcrypt_cost=4", "auth.accounts.login_rate_limit.per_address=3/h"];
    let documents = settings.iter().fold(world.documents(), |program, setting| program.set(setting)).await;
    let mallory = documents.client("mallory").await;
    for number in 0..5 {
        let answer = register(&mallory, &format!("name {number}")).await;
        assert_eq!(answer.status, if number < 3 { 201 } else { 429 }, "{}", answer.text);
    }
}

async fn with_https_the_names_of_cookies_insist_on_it(world: World) {
    let documents = world.documents().set("server.public_urls=[\"https://documents.example.org\"]").await;
    let welcome = register(&documents.client("ada").await, "Ada").await;
    let cookies = welcome.headers.get("set-cookie").expect("cookies");
    for cookie in ["__Host-lambdio_token=", "__Host-lambdio_refresh="] {
        assert!(cookies.contains(cookie), "{cookies}");
    }
    assert_eq!(cookies.matches("; Secure").count(), 2, "{cookies}");
    assert_eq!(cookies.matches("; Path=/").count(), 2, "{cookies}");
    assert!(!cookies.contains("Domain"), "{cookies}");
}

async fn outside_development_cookies_insist_on_https(world: World) {
    let key = "auth.keys=[{ id = \"1\", key = \"0123456789abcdef0123456789abcdef\" }]";
    let documents = world.documents().args(["--profile", "production"]).set(key).await;
    documents.log_contains("browsers keep the cookies of the accounts over https only").await;
    let welcome = register(&documents.client("ada").await, "Ada").await;
    let cookies = welcome.headers.get("set-cookie").expect("cookies");
    assert_eq!((cookies.matches("__Host-").count(), cookies.matches("; Secure").count()), (2, 2), "{cookies}");
}

async fn two_cookies_of_our_name_are_refused(world: World) {
    let documents = world.documents().await;
    let welcome = register(&documents.client("ada").await, "Ada").await;
    let cookie = welcome.headers.get("set-cookie").expect("a cookie").split(';').next().unwrap_or_default();
    let nobody = documents.client("nobody").await;
    assert_eq!(nobody.get("/auth/me").header("cookie", cookie).await.status, 200);
    for both in
        [format!("{cookie}; {cookie}"), format!("lambdio_token=x; {cookie}"), format!("{cookie}; lambdio_token=")]
    {
        let answer = nobody.get("/auth/me").header("cookie", &both).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"));
        let refusal = nobody.connect("/documents").headers(json!({ "cookie": both })).refused().await;
        assert_eq!(refusal.message, "unauthenticated");
    }
}
