//! Sessions: refreshed, ended, and never outlived by a socket.

use lambdio_tests::{Client, PASSWORD, Program, Response, Server, Socket, Transport, World, eventually, trials};
use mongodb::bson::{Document, doc};
use serde_json::json;

trials![
    tokens_are_in_the_answer_only_where_the_client_asks_for_them,
    a_refresh_gives_new_tokens,
    a_refresh_token_that_is_used_twice_ends_its_session,
    two_tabs_may_refresh_at_once,
    what_is_no_refresh_token_refreshes_nothing,
    after_logging_out_the_token_is_refused,
    logging_out_without_a_login_is_no_error,
    logging_out_closes_the_sockets_of_the_session_in_all_namespaces,
    logging_out_everywhere_ends_all_sessions,
    a_user_sees_their_sessions_and_ends_one,
    nobody_ends_the_session_of_another,
    a_new_password_ends_all_other_sessions,
    a_wrong_password_changes_nothing,
    a_socket_is_told_before_its_login_ends_and_closed_then,
    a_socket_renews_after_a_refresh,
    a_refreshed_login_enters_another_namespace_over_the_same_connection,
    an_expired_cookie_opens_no_connection,
    a_socket_renews_with_a_token,
    a_token_of_somebody_else_renews_nothing,
    a_disabled_user_is_put_out_and_does_not_come_back,
    who_loses_a_role_is_put_out,
    sessions_are_ended_from_code,
    what_is_changed_by_hand_in_the_database_counts,
    a_session_ends_while_its_socket_has_a_full_queue,
    a_session_ends_while_its_client_reads_nothing,
    an_account_has_so_many_sessions,
    an_idle_session_ends,
];

fn members(world: &World) -> Program {
    let limits = &["per_account", "per_address"];
    let raise = |program: Program, limit: &&str| program.set(&format!("auth.accounts.login_rate_limit.{limit}=1000/s"));
    limits.iter().fold(world.members(), raise)
}

/// The tokens of a client without cookies.
#[derive(Clone)]
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn of(answer: &Response) -> Self {
        assert!(answer.status < 300, "{}", answer.text);
        assert!(!answer.headers.contains_key("set-cookie"), "a client that asks for tokens gets no cookies");
        let text = |field: &str| answer.json[field].as_str().expect("a token").to_owned();
        Self { access: text("token"), refresh: text("refresh_token") }
    }
}

async fn with_tokens(client: &Client, path: &str, name: &str) -> Tokens {
    Tokens::of(&client.post(path, json!({ "name": name, "password": PASSWORD, "bearer": true })).await)
}

async fn refresh(client: &Client, token: &str) -> Response {
    client.post("/auth/refresh", json!({ "refresh_token": token })).await
}

async fn me(client: &Client, token: &str) -> u16 {
    client.get("/me").header("authorization", &format!("Bearer {token}")).await.status
}

/// Waits for the last event of a socket, and for its end.
async fn ended(socket: &Socket, code: &str) {
    let told = socket.next("auth:ended").await;
    assert_eq!(told[0]["code"], code, "{told}");
    assert!(told[0]["message"].is_string());
    assert_eq!(socket.gone().await, "io server disconnect");
}

async fn tokens_are_in_the_answer_only_where_the_client_asks_for_them(world: World) {
    let server = members(&world).await;
    let ada = json!({ "name": "Ada", "password": PASSWORD });
    let ada = server.client("Ada").await.post("/auth/register", ada).await.json;
    assert!(ada.get("token").is_none() && ada.get("refresh_token").is_none(), "{ada}");
    let machine = server.client("a program without cookies").await;
    let tokens = with_tokens(&machine, "/auth/login", "Ada").await;
    assert_eq!(me(&machine, &tokens.access).await, 200);
    assert_eq!(machine.get("/me").await.status, 401, "there is no cookie");
}

async fn a_refresh_gives_new_tokens(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    let before = ada.get("/auth/sessions").await.json;
    let answer = ada.post("/auth/refresh", json!({})).await;
    assert_eq!((answer.status, &answer.json["name"]), (200, &json!("Ada")));
    assert_eq!(ada.get("/me").await.status, 200);
    let after = ada.get("/auth/sessions").await.json;
    assert_eq!(before[0]["id"], after[0]["id"], "the session is the same");
    assert_ne!(before[0]["refreshed_at"], after[0]["refreshed_at"]);

    let machine = server.client("a program without cookies").await;
    let first = with_tokens(&machine, "/auth/login", "Ada").await;
    let second = Tokens::of(&refresh(&machine, &first.refresh).await);
    assert_ne!(first.refresh, second.refresh);
    assert_eq!((me(&machine, &first.access).await, me(&machine, &second.access).await), (200, 200));
    Tokens::of(&refresh(&machine, &second.refresh).await);
}

async fn a_refresh_token_that_is_used_twice_ends_its_session(world: World) {
    let server = members(&world).set("auth.accounts.refresh_grace=0s").await;
    let machine = server.client("a program without cookies").await;
    let first = with_tokens(&machine, "/auth/register", "Ada").await;
    let second = Tokens::of(&refresh(&machine, &first.refresh).await);
    let socket = machine.connect("/members").auth(json!({ "token": second.access })).await;
    let again = refresh(&machine, &first.refresh).await;
    assert_eq!((again.status, again.error().code.as_str()), (401, "unauthenticated"));
    ended(&socket, "refresh_token_reused").await;
    assert_eq!(me(&machine, &second.access).await, 401, "the thief's tokens, or the owner's: nobody can tell");
    assert_eq!(refresh(&machine, &second.refresh).await.status, 401);
    server.log_contains("a refresh token was used twice").await;
}

async fn two_tabs_may_refresh_at_once(world: World) {
    let server = members(&world).await;
    let machine = server.client("a program without cookies").await;
    let first = with_tokens(&machine, "/auth/register", "Ada").await;
    let refreshes = (0..8).map(|_| refresh(&machine, &first.refresh));
    let answers = futures_util::future::join_all(refreshes).await;
    let tokens: Vec<Tokens> = answers.iter().map(Tokens::of).collect();
    assert!(tokens.iter().all(|one| one.refresh == tokens[0].refresh), "all tabs have the same next refresh token");
    for tokens in &tokens {
        assert_eq!(me(&machine, &tokens.access).await, 200);
    }
    Tokens::of(&refresh(&machine, &tokens[0].refresh).await);
}

async fn what_is_no_refresh_token_refreshes_nothing(world: World) {
    let server = members(&world).await;
    let machine = server.client("a program without cookies").await;
    let tokens = with_tokens(&machine, "/auth/register", "Ada").await;
    let other_session = tokens.refresh.replacen('.', ".x", 1);
    for wrong in ["", "x", "a.b.c", &tokens.access, &other_session, &"x".repeat(5000)] {
        let answer = refresh(&machine, wrong).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"), "{wrong}");
    }
    let query = machine.post("/auth/refresh", json!({ "refresh_token": { "$ne": null } })).await;
    assert_eq!((query.status, query.error().code.as_str()), (400, "invalid_payload"));
    assert_eq!(machine.post("/auth/refresh", json!({})).await.status, 401, "nothing at all");
    Tokens::of(&refresh(&machine, &tokens.refresh).await);
}

async fn after_logging_out_the_token_is_refused(world: World) {
    let server = members(&world).await;
    let machine = server.client("a program without cookies").await;
    let tokens = with_tokens(&machine, "/auth/register", "Ada").await;
    let out =
        machine.post("/auth/logout", json!({})).header("authorization", &format!("Bearer {}", tokens.access)).await;
    assert_eq!(out.status, 204);
    assert_eq!(me(&machine, &tokens.access).await, 401);
    let refusal = machine.connect("/members").auth(json!({ "token": tokens.access })).refused().await;
    assert_eq!(refusal.message, "unauthenticated");
    assert_eq!(refresh(&machine, &tokens.refresh).await.status, 401);

    let tokens = with_tokens(&machine, "/auth/login", "Ada").await;
    let out = machine.post("/auth/logout", json!({ "refresh_token": tokens.refresh })).await;
    assert_eq!(out.status, 204);
    assert_eq!(me(&machine, &tokens.access).await, 401, "the refresh token logs out as well");
}

async fn logging_out_without_a_login_is_no_error(world: World) {
    let server = members(&world).await;
    let nobody = server.client("nobody").await;
    assert_eq!(nobody.post("/auth/logout", json!({})).await.status, 204);
    assert_eq!(nobody.post("/auth/logout", json!({ "refresh_token": "x" })).await.status, 204);
}

async fn logging_out_closes_the_sockets_of_the_session_in_all_namespaces(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    let elsewhere = server.client("Ada elsewhere").await;
    elsewhere.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    let (bob, _) = server.registered("Bob").await;
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        let (first, second) =
            (ada.connect("/members").over(transport).await, ada.connect("/rooms").over(transport).await);
        let others = [elsewhere.connect("/members").await, bob.connect("/members").await];
        assert_eq!(ada.post("/auth/logout", json!({})).await.status, 204);
        ended(&first, "logged_out").await;
        ended(&second, "logged_out").await;
        for other in others {
            assert!(other.ask("who_am_i", json!([])).await.is_array(), "{transport:?}");
        }
        assert_eq!(ada.connect("/members").over(transport).refused().await.message, "unauthenticated");
        ada.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    }
}

async fn logging_out_everywhere_ends_all_sessions(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    let machine = server.client("a program without cookies").await;
    let tokens = with_tokens(&machine, "/auth/login", "Ada").await;
    let here = ada.connect("/members").await;
    let there = machine.connect("/rooms").auth(json!({ "token": tokens.access })).await;
    assert_eq!(ada.post("/auth/logout-everywhere", json!({})).await.status, 204);
    ended(&here, "logged_out").await;
    ended(&there, "logged_out").await;
    assert_eq!((ada.get("/me").await.status, me(&machine, &tokens.access).await), (401, 401));
    assert_eq!(refresh(&machine, &tokens.refresh).await.status, 401);
    let nobody = server.client("nobody").await.post("/auth/logout-everywhere", json!({})).await;
    assert_eq!(nobody.status, 401);
}

async fn a_user_sees_their_sessions_and_ends_one(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    let phone = server.client("Ada's phone").await;
    let login =
        phone.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).header("user-agent", "phone").await;
    assert_eq!(login.status, 200);
    let socket = phone.connect("/members").await;
    let sessions = ada.get("/auth/sessions").await.json;
    let known: Vec<_> =
        sessions.as_array().expect("a list").iter().map(|one| (&one["current"], &one["user_agent"])).collect();
    assert_eq!(known.len(), 2);
    assert_eq!((known[0].0, known[1]), (&json!(true), (&json!(false), &json!("phone"))));
    assert_eq!(sessions[1]["address"], "127.0.0.1");
    let path = format!("/auth/sessions/{}", sessions[1]["id"].as_str().unwrap_or_default());
    assert_eq!(ada.request("DELETE", &path).json(json!({})).await.status, 204);
    ended(&socket, "logged_out").await;
    assert_eq!((ada.get("/me").await.status, phone.get("/me").await.status), (200, 401));
    let gone = ada.request("DELETE", &path).json(json!({})).await;
    assert_eq!((gone.status, gone.error().code.as_str()), (404, "not_found"));
}

async fn nobody_ends_the_session_of_another(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    let (bob, _) = server.registered("Bob").await;
    let session = ada.get("/auth/sessions").await.json[0]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(bob.request("DELETE", &format!("/auth/sessions/{session}")).json(json!({})).await.status, 404);
    assert_eq!(ada.get("/me").await.status, 200);
}

async fn a_new_password_ends_all_other_sessions(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    let phone = server.client("Ada's phone").await;
    phone.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    let (here, there) = (ada.connect("/members").await, phone.connect("/members").await);
    let change = json!({ "password": PASSWORD, "new_password": "battery staple" });
    assert_eq!(ada.post("/auth/password", change).await.status, 204);
    ended(&there, "password_changed").await;
    assert_eq!(here.ask("who_am_i", json!([])).await[1], "Ada");
    assert_eq!((ada.get("/me").await.status, phone.get("/me").await.status), (200, 401));
    let old = phone.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    assert_eq!((old.status, old.error().code.as_str()), (401, "invalid_credentials"));
    let new = phone.post("/auth/login", json!({ "name": "Ada", "password": "battery staple" })).await;
    assert_eq!(new.status, 200);
}

async fn a_wrong_password_changes_nothing(world: World) {
    let server = members(&world).await;
    let (ada, _) = server.registered("Ada").await;
    for (old, new, status, code) in [
        ("wrong horse", "battery staple", 401, "invalid_credentials"),
        (PASSWORD, "short", 400, "invalid_password"),
        (PASSWORD, &"x".repeat(72), 400, "invalid_password"),
    ] {
        let answer = ada.post("/auth/password", json!({ "password": old, "new_password": new })).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (status, code));
    }
    let login =
        server.client("Ada elsewhere").await.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD }));
    assert_eq!(login.await.status, 200);
}

async fn a_socket_is_told_before_its_login_ends_and_closed_then(world: World) {
    let settings = ["auth.access_token_lifetime=6s", "auth.expiry_notice=5s", "auth.leeway=0s"];
    let server = settings.iter().fold(members(&world), |program, setting| program.set(setting)).await;
    let (ada, _) = server.registered("Ada").await;
    for transport in Transport::BOTH {
        ada.post("/auth/refresh", json!({})).await;
        let socket = ada.connect("/members").over(transport).await;
        let told = socket.next("auth:expiring").await;
        let left = told[0]["expires_in_ms"].as_u64().expect("a number");
        assert!(left <= 5000 && told[0]["expires_at"].is_string(), "{told}");
        assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada", "it still may");
        ended(&socket, "expired").await;
    }
}

async fn a_socket_renews_after_a_refresh(world: World) {
    let settings = ["auth.access_token_lifetime=6s", "auth.expiry_notice=5s", "auth.leeway=0s"];
    let server = settings.iter().fold(members(&world), |program, setting| program.set(setting)).await;
    let (ada, _) = server.registered("Ada").await;
    let socket = ada.connect("/members").await;
    for _ in 0..3 {
        socket.next("auth:expiring").await;
        let refreshed = ada.post("/auth/refresh", json!({})).await;
        let renewed = socket.ask("auth:renew", json!([])).await;
        assert_eq!(renewed["expires_at"], refreshed.json["expires_at"]);
    }
    assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada", "longer than any one token");
    assert_eq!(ada.post("/auth/logout", json!({})).await.status, 204);
    ended(&socket, "logged_out").await;
}

/// Registers, and gives the cookie that comes with it.
async fn first_cookie(client: &Client, name: &str) -> String {
    let answer = client.post("/auth/register", json!({ "name": name, "password": PASSWORD })).await;
    answer.headers.get("set-cookie").expect("a cookie").split(';').next().unwrap_or_default().to_owned()
}

/// Keeps a socket's log-in alive until this cookie of its session has expired.
async fn until_expired(server: &Server, cookie: &str, client: &Client, socket: &Socket) {
    let other = server.client("who has a copy").await;
    let expired = async || {
        client.post("/auth/refresh", json!({})).await;
        socket.ask("auth:renew", json!([])).await;
        let status = other.get("/me").header("cookie", cookie).await.status;
        (status == 401).then_some(())
    };
    eventually("the first cookie has expired", expired).await;
}

async fn a_refreshed_login_enters_another_namespace_over_the_same_connection(world: World) {
    let settings = ["auth.access_token_lifetime=6s", "auth.expiry_notice=5s", "auth.leeway=0s"];
    let server = settings.iter().fold(members(&world), |program, setting| program.set(setting)).await;
    for (transport, name) in [(Transport::Websocket, "Ada"), (Transport::Polling, "Bob")] {
        let client = server.client(name).await;
        let cookie = first_cookie(&client, name).await;
        let socket = client.connect("/members").over(transport).await;
        until_expired(&server, &cookie, &client, &socket).await;
        // the cookie that opened the connection has expired, its session has not
        let rooms = client.connect("/rooms").beside(&socket).await;
        assert_eq!(rooms.ask("ping", json!([])).await, "pong", "{transport:?}");
        assert_eq!(client.post("/auth/logout", json!({})).await.status, 204);
        ended(&socket, "logged_out").await;
        ended(&rooms, "logged_out").await;
    }
}

async fn an_expired_cookie_opens_no_connection(world: World) {
    let settings = ["auth.access_token_lifetime=6s", "auth.expiry_notice=5s", "auth.leeway=0s"];
    let server = settings.iter().fold(members(&world), |program, setting| program.set(setting)).await;
    let ada = server.client("Ada").await;
    let cookie = first_cookie(&ada, "Ada").await;
    let socket = ada.connect("/members").await;
    until_expired(&server, &cookie, &ada, &socket).await;
    let thief = server.client("a thief").await;
    // whoever has a copy of it has no use of it, though its session goes on
    for transport in Transport::BOTH {
        let refusal = thief.connect("/members").over(transport).headers(json!({ "cookie": cookie })).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{transport:?}");
    }
    assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada", "her session is alive");
}

async fn a_socket_renews_with_a_token(world: World) {
    let settings = ["auth.access_token_lifetime=6s", "auth.expiry_notice=5s", "auth.leeway=0s"];
    let server = settings.iter().fold(members(&world), |program, setting| program.set(setting)).await;
    let machine = server.client("a program without cookies").await;
    let mut tokens = with_tokens(&machine, "/auth/register", "Ada").await;
    let socket = machine.connect("/members").auth(json!({ "token": tokens.access })).await;
    for _ in 0..2 {
        socket.next("auth:expiring").await;
        tokens = Tokens::of(&refresh(&machine, &tokens.refresh).await);
        socket.ask("auth:renew", json!([{ "token": tokens.access }])).await;
    }
    // a new log-in of the same user takes the socket along
    let new = with_tokens(&machine, "/auth/login", "Ada").await;
    socket.ask("auth:renew", json!([{ "token": new.access }])).await;
    machine.post("/auth/logout", json!({ "refresh_token": tokens.refresh })).await;
    assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada", "the old session is no longer its own");
    machine.post("/auth/logout", json!({ "refresh_token": new.refresh })).await;
    ended(&socket, "logged_out").await;
}

async fn a_token_of_somebody_else_renews_nothing(world: World) {
    let server = members(&world).await;
    let machine = server.client("a program without cookies").await;
    let ada = with_tokens(&machine, "/auth/register", "Ada").await;
    let bob = with_tokens(&machine, "/auth/register", "Bob").await;
    let socket = machine.connect("/members").auth(json!({ "token": ada.access })).await;
    assert_eq!(socket.ask_error("auth:renew", json!([{ "token": bob.access }])).await.code, "forbidden");
    assert_eq!(socket.ask_error("auth:renew", json!([{ "token": "x" }])).await.code, "unauthenticated");
    assert_eq!(socket.ask_error("auth:renew", json!([{ "tokn": "x" }])).await.code, "invalid_payload");
    assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada");
}

async fn a_disabled_user_is_put_out_and_does_not_come_back(world: World) {
    let server = members(&world).await;
    let ((ada, id), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let machine = server.client("a program without cookies").await;
    let tokens = with_tokens(&machine, "/auth/login", "Ada").await;
    let (socket, bob) = (ada.connect("/members").await, bob.connect("/members").await);
    assert_eq!(bob.ask("disable", json!([id])).await, json!(true));
    ended(&socket, "account_disabled").await;
    assert_eq!((ada.get("/me").await.status, me(&machine, &tokens.access).await), (401, 401));
    assert_eq!(refresh(&machine, &tokens.refresh).await.status, 401);
    let login = ada.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    assert_eq!((login.status, login.error().code.as_str()), (403, "account_disabled"));
    let wrong = ada.post("/auth/login", json!({ "name": "Ada", "password": "wrong horse" })).await;
    assert_eq!((wrong.status, wrong.error().code.as_str()), (401, "invalid_credentials"), "only who knows it is told");
    assert_eq!(bob.ask("enable", json!([id])).await, json!(true));
    assert_eq!(ada.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await.status, 200);
    assert_eq!(bob.ask("disable", json!(["nobody"])).await, json!(false));
}

async fn who_loses_a_role_is_put_out(world: World) {
    let server = members(&world).await;
    let ((ada, id), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let bob = bob.connect("/members").await;
    assert_eq!(bob.ask("set_roles", json!([id, ["editor", "admin"]])).await, json!(true));
    let socket = ada.connect("/members").await;
    assert_eq!(socket.ask("my_roles", json!([])).await, json!(["editor", "admin"]));
    assert_eq!(ada.get("/auth/me").await.json["roles"], json!(["editor", "admin"]));
    bob.ask("set_roles", json!([id, ["admin", "editor", "owner"]])).await;
    assert_eq!(socket.ask("my_roles", json!([])).await, json!(["editor", "admin"]), "as it was when it connected");
    bob.ask("set_roles", json!([id, ["editor"]])).await;
    ended(&socket, "role_lost").await;
    let socket = ada.connect("/members").await;
    assert_eq!(socket.ask("my_roles", json!([])).await, json!(["editor"]), "the session goes on");
    assert_eq!(bob.ask("set_roles", json!(["65f0c0ffee00c0ffee00c0ff", ["x"]])).await, json!(false));
}

async fn sessions_are_ended_from_code(world: World) {
    let server = members(&world).await;
    let ((ada, id), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let bob = bob.connect("/members").await;
    let socket = ada.connect("/members").await;
    assert_eq!(bob.ask("sessions_of", json!([id])).await.as_array().map(Vec::len), Some(1));
    socket.emit("end_mine", json!([])).await;
    ended(&socket, "revoked").await;
    assert_eq!(bob.ask("sessions_of", json!([id])).await, json!([]));
    ada.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    let sockets = [ada.connect("/members").await, ada.connect("/rooms").await];
    assert_eq!(bob.ask("end_all", json!([id])).await, json!(2));
    for socket in &sockets {
        ended(socket, "revoked").await;
    }
    assert_eq!(ada.get("/me").await.status, 401);
}

async fn what_is_changed_by_hand_in_the_database_counts(world: World) {
    let server = members(&world).set("auth.check_interval=100ms").await;
    let accounts = world.database().await.handle.collection::<Document>("lambdio_accounts");
    for (change, code) in [
        (doc! { "$set": { "sessions": [] } }, "revoked"),
        (doc! { "$pull": { "roles": "admin" } }, "role_lost"),
        (doc! { "$set": { "disabled": true } }, "account_disabled"),
    ] {
        let (ada, _) = server.registered(code).await;
        let (other, _) = server.registered(&format!("beside {code}")).await;
        accounts.update_many(doc! {}, doc! { "$set": { "roles": ["admin"] } }).await.expect("an update");
        let (socket, other) = (ada.connect("/members").await, other.connect("/members").await);
        accounts.update_one(doc! { "key": code }, change).await.expect("an update");
        ended(&socket, code).await;
        assert!(other.ask("who_am_i", json!([])).await.is_array());
    }
}

async fn a_session_ends_while_its_socket_has_a_full_queue(world: World) {
    let server = members(&world).set("events.queue_length=10").await;
    let (ada, _) = server.registered("Ada").await;
    for transport in Transport::BOTH {
        let socket = ada.connect("/members").over(transport).await;
        for _ in 0..20 {
            socket.emit("sleep", json!([])).await;
        }
        let refused = socket.ask_error("who_am_i", json!([])).await;
        assert_eq!(refused.code, "overloaded", "{transport:?}: its queue is full");
        ada.post("/auth/logout", json!({})).await;
        ended(&socket, "logged_out").await;
        ada.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await;
    }
}

async fn a_session_ends_while_its_client_reads_nothing(world: World) {
    let server = members(&world).set("socketio.max_unsent_size=64KiB").await;
    let (ada, id) = server.registered("Ada").await;
    let tokens = with_tokens(&ada, "/auth/login", "Ada").await;
    let (bob, _) = server.registered("Bob").await;
    let bob = bob.connect("/members").await;
    let mut deaf = server.raw().await;
    deaf.text(&format!(r#"40/members,{{"token":"{}"}}"#, tokens.access)).await;
    deaf.next_text("40/members").await;
    let line = "x".repeat(4000);
    for _ in 0..8 {
        bob.ask("tell", json!([id, line])).await;
    }
    assert_eq!(bob.ask("end_all", json!([id])).await, json!(1));
    assert_eq!(bob.ask("put_out", json!([id])).await, json!(0), "nobody of hers is there any more");
}

async fn an_account_has_so_many_sessions(world: World) {
    let server = members(&world).set("auth.accounts.max_sessions=2").await;
    let machine = server.client("a program without cookies").await;
    let first = with_tokens(&machine, "/auth/register", "Ada").await;
    let socket = machine.connect("/members").auth(json!({ "token": first.access })).await;
    let second = with_tokens(&machine, "/auth/login", "Ada").await;
    let third = with_tokens(&machine, "/auth/login", "Ada").await;
    assert_eq!(me(&machine, &first.access).await, 401, "the oldest gave way");
    assert_eq!((me(&machine, &second.access).await, me(&machine, &third.access).await), (200, 200));
    ended(&socket, "revoked").await;
}

async fn an_idle_session_ends(world: World) {
    let settings =
        ["auth.accounts.session_idle_timeout=2h", "auth.accounts.session_lifetime=3h", "auth.check_interval=100ms"];
    let server = settings.iter().fold(members(&world), |program, setting| program.set(setting)).await;
    let machine = server.client("a program without cookies").await;
    let tokens = with_tokens(&machine, "/auth/register", "Ada").await;
    let socket = machine.connect("/members").auth(json!({ "token": tokens.access })).await;
    let accounts = world.database().await.handle.collection::<Document>("lambdio_accounts");
    let account = accounts.find_one(doc! {}).await.expect("an answer").expect("an account");
    let session = account.get_array("sessions").expect("a list")[0].as_document().expect("a session").clone();
    let date = |field: &str| *session.get_datetime(field).expect("a date");
    let lasts = date("expires_at").timestamp_millis() - date("created_at").timestamp_millis();
    assert_eq!(lasts, 2 * 3600 * 1000);
    // as if that time had passed
    let past = doc! { "$set": { "sessions.0.expires_at": date("created_at") } };
    accounts.update_one(doc! {}, past).await.expect("an update");
    ended(&socket, "expired").await;
    assert_eq!(me(&machine, &tokens.access).await, 401);
    assert_eq!(refresh(&machine, &tokens.refresh).await.status, 401);
}
