//! Who gets into a namespace, and who is who inside.

use lambdio_tests::{Client, Server, Socket, Transport, World, trials};
use serde_json::{Value, json};

trials![
    nobody_gets_in_without_a_login,
    wrong_tokens_are_refused_alike,
    a_token_gets_in_by_cookie_by_header_and_by_handshake,
    who_logged_out_does_not_get_in,
    a_guest_may_come_where_a_login_is_optional,
    a_wrong_token_is_refused_where_a_login_is_optional,
    a_route_knows_who_asks,
    a_note_to_a_user_reaches_all_their_sockets_and_no_other,
    a_note_to_others_reaches_no_socket_of_the_sender,
    sockets_of_one_user_share_a_limit,
    all_sockets_of_a_user_are_put_out,
    a_login_on_one_namespace_gives_nothing_on_another,
    a_polling_session_belongs_to_the_login_that_opened_it,
    a_polling_session_that_nobody_owns_is_for_all_who_know_it,
];

/// The token of somebody new, as a thief would have it.
async fn token(server: &Server, name: &str) -> String {
    let client = server.client(name).await;
    let answer = client.post("/auth/register", json!({ "name": name, "password": "correct horse" })).await;
    let cookie = answer.headers.get("set-cookie").expect("a cookie").split(';').next().unwrap_or_default();
    cookie.trim_start_matches("lambdio_token=").to_owned()
}

async fn nobody_gets_in_without_a_login(world: World) {
    let server = world.members().await;
    for transport in Transport::BOTH {
        let refusal = server.client("nobody").await.connect("/members").over(transport).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{transport:?}");
    }
}

async fn wrong_tokens_are_refused_alike(world: World) {
    let server = world.members().await;
    let good = token(&server, "Ada").await;
    let (rest, signature) = good.rsplit_once('.').expect("three parts");
    let flipped: String = signature.chars().rev().collect();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", rest.split('.').nth(1).unwrap_or_default());
    let wrong = ["", "x", "a.b.c", &format!("{rest}.{flipped}"), &format!("{rest}."), &none];
    let mallory = server.client("mallory").await;
    for token in wrong {
        let refusal = mallory.connect("/members").auth(json!({ "token": token })).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{token:?} in the handshake");
        let cookie = json!({ "cookie": format!("lambdio_token={token}") });
        let refusal = mallory.connect("/members").headers(cookie).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{token:?} as a cookie");
        let answer = mallory.get("/me").header("authorization", &format!("Bearer {token}")).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"), "{token:?} as a header");
    }
}

async fn a_token_gets_in_by_cookie_by_header_and_by_handshake(world: World) {
    let server = world.members().await;
    let good = token(&server, "Ada").await;
    let stranger = server.client("a program without cookies").await;
    for transport in Transport::BOTH {
        let by_handshake = stranger.connect("/members").over(transport).auth(json!({ "token": good })).await;
        let header = json!({ "authorization": format!("Bearer {good}") });
        let by_header = stranger.connect("/members").over(transport).headers(header).await;
        let by_cookie = server.client("Ada").await.connect("/members").over(transport).await;
        for socket in [by_handshake, by_header, by_cookie] {
            assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada", "{transport:?}");
        }
    }
}

async fn who_logged_out_does_not_get_in(world: World) {
    let server = world.members().await;
    let (ada, _) = server.registered("Ada").await;
    ada.connect("/members").await;
    ada.post("/auth/logout", json!({})).await;
    assert_eq!(ada.connect("/members").refused().await.message, "unauthenticated");
}

async fn a_guest_may_come_where_a_login_is_optional(world: World) {
    let server = world.members().await;
    let guest = server.client("guest").await.connect("/guests").await;
    assert_eq!(guest.ask("who_am_i", json!([])).await, json!(null));
    let (ada, _) = server.registered("Ada").await;
    assert_eq!(ada.connect("/guests").await.ask("who_am_i", json!([])).await, json!("Ada"));
}

async fn a_wrong_token_is_refused_where_a_login_is_optional(world: World) {
    let server = world.members().await;
    let refusal = server.client("guest").await.connect("/guests").auth(json!({ "token": "x" })).refused().await;
    assert_eq!(refusal.message, "unauthenticated");
}

async fn a_route_knows_who_asks(world: World) {
    let server = world.members().await;
    let (ada, _) = server.registered("Ada").await;
    assert_eq!(ada.get("/me").await.json, json!("Ada"));
    let nobody = server.client("nobody").await.get("/me").await;
    assert_eq!((nobody.status, nobody.error().code.as_str()), (401, "unauthenticated"));
}

/// Waits until a socket has seen all that was sent to it before.
async fn notes(socket: &Socket) -> Vec<Value> {
    socket.ask("who_am_i", json!([])).await;
    socket.events_seen().await.into_iter().filter(|seen| seen.event == "note").map(|seen| seen.args).collect()
}

async fn a_note_to_a_user_reaches_all_their_sockets_and_no_other(world: World) {
    let server = world.members().await;
    let ((ada, ada_id), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let first = ada.connect("/members").await;
    let second = ada.connect("/members").over(Transport::Polling).await;
    let bob = bob.connect("/members").await;
    bob.ask("tell", json!([ada_id, "hello"])).await;
    assert_eq!(first.next("note").await, json!(["hello"]));
    assert_eq!(second.next("note").await, json!(["hello"]));
    bob.ask("tell", json!(["nobody", "hello?"])).await;
    assert_eq!((notes(&first).await.len(), notes(&second).await.len(), notes(&bob).await.len()), (1, 1, 0));
}

async fn a_note_to_others_reaches_no_socket_of_the_sender(world: World) {
    let server = world.members().await;
    let ((ada, _), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let (first, second) = (ada.connect("/members").await, ada.connect("/members").await);
    let bob = bob.connect("/members").await;
    first.ask("tell_others", json!(["hello"])).await;
    assert_eq!(bob.next("note").await, json!(["hello"]));
    assert_eq!((notes(&first).await.len(), notes(&second).await.len()), (0, 0));
}

async fn sockets_of_one_user_share_a_limit(world: World) {
    let limits = world
        .members()
        .set("handlers.\"/members\".who_am_i.rate_limit.per_user=3/h")
        .set("socketio.connect_rate_limit.per_user=2/h");
    let server = limits.await;
    let (ada, _) = server.registered("Ada").await;
    let (bob, _) = server.registered("Bob").await;
    let (first, second) = (ada.connect("/members").await, ada.connect("/members").await);
    assert_eq!(ada.connect("/members").refused().await.message, "rate_limited");
    for socket in [&first, &second, &first] {
        assert_eq!(socket.ask("who_am_i", json!([])).await[1], "Ada");
    }
    assert_eq!(first.ask_error("who_am_i", json!([])).await.code, "rate_limited");
    assert_eq!(second.ask_error("who_am_i", json!([])).await.code, "rate_limited");
    assert_eq!(bob.connect("/members").await.ask("who_am_i", json!([])).await[1], "Bob");
}

async fn all_sockets_of_a_user_are_put_out(world: World) {
    let server = world.members().await;
    let (ada, id) = server.registered("Ada").await;
    let (bob, _) = server.registered("Bob").await;
    let mut theirs = Vec::new();
    for transport in [Transport::Websocket, Transport::Polling, Transport::Upgrade] {
        theirs.push(ada.connect("/members").over(transport).await);
    }
    let bob = bob.connect("/members").await;
    assert_eq!(bob.ask("put_out", json!([id])).await, json!(3));
    for socket in theirs {
        assert_eq!(socket.gone().await, "io server disconnect");
    }
    assert_eq!(bob.ask("put_out", json!([id])).await, json!(0));
    assert_eq!(bob.ask("who_am_i", json!([])).await[1], "Bob");
}

async fn a_login_on_one_namespace_gives_nothing_on_another(world: World) {
    let server = world.members().await;
    let good = token(&server, "Ada").await;
    let stranger = server.client("a program without cookies").await;
    for transport in Transport::BOTH {
        let first = stranger.connect("/members").over(transport).auth(json!({ "token": good })).await;
        let refusal = stranger.connect("/rooms").beside(&first).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{transport:?}: on the same connection");
        let guest = stranger.connect("/guests").beside(&first).await;
        assert_eq!(guest.ask("who_am_i", json!([])).await, json!(null), "{transport:?}");
    }
}

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

/// Opens a polling session with the client's cookies. Its path.
async fn opened(client: &Client) -> String {
    let open = client.get(POLLING).await;
    let sid = open.text.split('"').nth(3).expect("a session's id");
    format!("{POLLING}&sid={sid}")
}

/// Polls until a packet that begins so has come, and gives it.
async fn poll(client: &Client, path: &str, begin: &str) -> String {
    loop {
        let poll = client.get(path).await;
        assert_eq!(poll.status, 200, "{}", poll.text);
        if let Some(packet) = poll.text.split('\u{1e}').find(|packet| packet.starts_with(begin)) {
            return packet.to_owned();
        }
    }
}

async fn post(client: &Client, path: &str, packet: &str) -> u16 {
    client.request("POST", path).body(packet).header("content-type", "text/plain;charset=UTF-8").await.status
}

async fn a_polling_session_belongs_to_the_login_that_opened_it(world: World) {
    let server = world.members().await;
    let ((ada, _), (bob, _)) = (server.registered("Ada").await, server.registered("Bob").await);
    let nobody = server.client("nobody").await;
    let path = opened(&ada).await;
    for other in [&bob, &nobody] {
        // before she is in: her cookie must not let in who only knows the session's id
        assert_eq!(post(other, &path, "40/members,").await, 403);
    }
    assert_eq!(post(&ada, &path, "40/members,").await, 200);
    poll(&ada, &path, "40/members,{").await;
    for other in [&bob, &nobody] {
        assert_eq!(post(other, &path, r#"42/members,0["who_am_i"]"#).await, 403);
        let poll = other.get(&path).await;
        assert_eq!((poll.status, poll.error().code.as_str()), (403, "forbidden"));
        let upgrade = path.replace("transport=polling", "transport=websocket");
        let upgrade = other.get(&upgrade).header("connection", "upgrade").header("upgrade", "websocket").await;
        assert_eq!(upgrade.status, 403);
    }
    let before = ada.get("/auth/sessions").await.json[0]["refreshed_at"].clone();
    assert_eq!(ada.post("/auth/refresh", json!({})).await.status, 200);
    assert_ne!(ada.get("/auth/sessions").await.json[0]["refreshed_at"], before);
    assert_eq!(post(&ada, &path, r#"42/members,0["who_am_i"]"#).await, 200, "a refreshed cookie goes on");
    assert!(poll(&ada, &path, "43/members,0").await.contains("Ada"));
    // another log-in of the same user is not the one that opened it
    let elsewhere = server.client("Ada elsewhere").await;
    elsewhere.post("/auth/login", json!({ "name": "Ada", "password": "correct horse" })).await;
    assert_eq!(elsewhere.get(&path).await.status, 403);
}

async fn a_polling_session_that_nobody_owns_is_for_all_who_know_it(world: World) {
    let server = world.members().await;
    let nobody = server.client("nobody").await;
    let path = opened(&nobody).await;
    let (ada, _) = server.registered("Ada").await;
    assert_eq!(post(&nobody, &path, "40/guests,").await, 200);
    // whoever logs in meanwhile keeps their connection
    poll(&ada, &path, "40/guests,{").await;
}
