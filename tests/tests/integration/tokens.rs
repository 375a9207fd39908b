//! Tokens from outside: the wrong ones, and a change of keys.

use jsonwebtoken::{Algorithm, EncodingKey, Header, dangerous::insecure_decode, encode};
use lambdio_tests::{Client, Program, Server, World, trials};
use serde_json::{Value, json};

trials![
    every_wrong_token_is_refused_alike_whichever_way_it_comes,
    a_key_is_changed_and_nobody_is_logged_out,
    a_token_under_a_removed_key_is_refused,
    clocks_may_differ_as_far_as_the_settings_say,
    tokens_of_another_application_under_the_same_key_are_refused,
    the_key_of_development_is_made_once_and_kept,
];

const SECRET: &str = "a secret of more than 32 bytes, known to all";

/// The keys of RFC 8410, sections 10.3 and 10.1.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

/// Signs with the key `secret`, and checks with it and `edwards`.
const BOTH: &str = r#"[
    { id = "secret", key_file = "secret.key" },
    { id = "edwards", algorithm = "EdDSA", key_file = "edwards.pem" },
]"#;

/// The same keys the other way round.
const EDWARDS_FIRST: &str = r#"[
    { id = "edwards", algorithm = "EdDSA", key_file = "edwards.pem" },
    { id = "secret", key_file = "secret.key" },
]"#;

const ONLY_EDWARDS: &str = r#"[{ id = "edwards", algorithm = "EdDSA", key_file = "edwards.pem" }]"#;

/// The application with these keys, in the database of the test.
fn members(world: &World, keys: &str) -> Program {
    let program = world.members().file("secret.key", SECRET).file("edwards.pem", PRIVATE);
    program.set(&format!("auth.keys={keys}"))
}

/// The token that somebody gets who registers, or logs in.
async fn token(server: &Server, path: &str) -> String {
    let somebody = server.client(path).await;
    let answer = somebody.post(path, json!({ "name": "Ada", "password": "correct horse" })).await;
    let cookie = answer.headers.get("set-cookie").unwrap_or_else(|| panic!("no cookie: {}", answer.text));
    let token = cookie.trim_start_matches("lambdio_token=").split(';').next().unwrap_or_default();
    token.to_owned()
}

/// A client without cookies of its own.
async fn stranger(server: &Server) -> Client {
    server.client("a program without cookies").await
}

async fn works(server: &Server, token: &str) {
    let stranger = stranger(server).await;
    let answer = stranger.get("/me").header("authorization", &format!("Bearer {token}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    stranger.connect("/members").auth(json!({ "token": token })).await;
}

/// What the client is told is the same for every wrong token: by header and cookie over HTTP, and by handshake, header
/// and cookie in a CONNECT.
async fn is_refused(server: &Server, token: &str, what: &str) {
    let stranger = stranger(server).await;
    let (bearer, cookie) = (format!("Bearer {token}"), format!("lambdio_token={token}"));
    for (name, value) in [("authorization", &bearer), ("cookie", &cookie)] {
        let answer = stranger.get("/me").header(name, value).await;
        let error = answer.error();
        let told = (answer.status, error.code.as_str(), error.message.as_str(), &error.details);
        assert_eq!(told, (401, "unauthenticated", "log in first", &Value::Null), "{what}: {name}");
        let refusal = stranger.connect("/members").headers(json!({ name: value })).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{what}: {name} of a CONNECT");
    }
    let refusal = stranger.connect("/members").auth(json!({ "token": token })).refused().await;
    assert_eq!(refusal.message, "unauthenticated", "{what}: auth.token");
}

fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) }
}

fn signed(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    encode(header, claims, key).expect("a token")
}

/// What a token says.
fn claims(token: &str) -> Value {
    insecure_decode(token).expect("a token").claims
}

/// The same claims with another value, or without one.
fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    match value {
        Value::Null => drop(claims.as_object_mut().expect("claims").remove(name)),
        value => claims[name] = value,
    }
    claims
}

/// Tokens that are wrong in one thing each, made with the server's own keys from what a right one says.
fn wrong_tokens(right: &str) -> Vec<(&'static str, String)> {
    let secret = EncodingKey::from_secret(SECRET.as_bytes());
    let ours = header(Algorithm::HS256, Some("secret"));
    let claims = claims(right);
    let changed = |name, value| signed(&ours, &with(&claims, name, value), &secret);
    let headed = |header: &Header| signed(header, &claims, &secret);
    let now = claims["iat"].as_u64().expect("a time");
    let parts: Vec<_> = right.split('.').collect();
    let eve = changed("sub", json!("507f1f77bcf86cd799439011"));
    let eve = eve.split('.').nth(1).unwrap_or_default();
    // {"alg":"none","typ":"JWT","kid":"secret"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoic2VjcmV0In0";
    let with_public = EncodingKey::from_secret(PUBLIC.trim().as_bytes());
    vec![
        ("nothing", String::new()),
        ("no token", "x".into()),
        ("alg: none", format!("{none}.{}.", parts[1])),
        ("alg: none with a signature", format!("{none}.{}.{}", parts[1], parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("a foreign algorithm", headed(&header(Algorithm::HS512, Some("secret")))),
        ("the id of a key of another algorithm", headed(&header(Algorithm::HS256, Some("edwards")))),
        ("a public key for a secret", signed(&header(Algorithm::HS256, Some("edwards")), &claims, &with_public)),
        ("no id of a key", headed(&header(Algorithm::HS256, None))),
        ("the id of no key", headed(&header(Algorithm::HS256, Some("other")))),
        ("another secret", signed(&ours, &claims, &EncodingKey::from_secret(&[7; 32]))),
        ("tampered", format!("{}.{eve}.{}", parts[0], parts[2])),
        ("expired", changed("exp", json!(now - 60))),
        ("not valid yet", changed("nbf", json!(now + 600))),
        ("another issuer", changed("iss", json!("else"))),
        ("no issuer", changed("iss", Value::Null)),
        ("another audience", changed("aud", json!("else"))),
        ("no audience", changed("aud", Value::Null)),
        ("nobody", changed("sub", Value::Null)),
        ("no end", changed("exp", Value::Null)),
        ("too long", changed("sub", json!("x".repeat(4000)))),
    ]
}

async fn every_wrong_token_is_refused_alike_whichever_way_it_comes(world: World) {
    let server = members(&world, BOTH).await;
    let right = token(&server, "/auth/register").await;
    works(&server, &right).await;
    let again = header(Algorithm::HS256, Some("secret"));
    let again = signed(&again, &claims(&right), &EncodingKey::from_secret(SECRET.as_bytes()));
    works(&server, &again).await;

    let wrong = wrong_tokens(&right);
    for (what, token) in &wrong {
        is_refused(&server, token, what).await;
    }
    server.log_contains("the token has expired").await;
    for line in server.log().lines() {
        let shown = wrong.iter().find(|(_, token)| token.len() > 1 && line.contains(token.as_str()));
        assert!(shown.is_none() && !line.contains(&right) && !line.contains(SECRET), "{line}");
    }
}

async fn a_key_is_changed_and_nobody_is_logged_out(world: World) {
    let before = members(&world, BOTH).await;
    let old = token(&before, "/auth/register").await;
    drop(before);

    let after = members(&world, EDWARDS_FIRST).await;
    works(&after, &old).await;
    let new = token(&after, "/auth/login").await;
    works(&after, &new).await;
    let signed_with = |token: &str| jsonwebtoken::decode_header(token).expect("a token").kid;
    assert_eq!(signed_with(&old).as_deref(), Some("secret"));
    assert_eq!(signed_with(&new).as_deref(), Some("edwards"));
}

async fn a_token_under_a_removed_key_is_refused(world: World) {
    let before = members(&world, BOTH).await;
    let old = token(&before, "/auth/register").await;
    drop(before);

    let after = members(&world, ONLY_EDWARDS).await;
    is_refused(&after, &old, "under the removed key").await;
    let new = token(&after, "/auth/login").await;
    works(&after, &new).await;
}

async fn clocks_may_differ_as_far_as_the_settings_say(world: World) {
    let server = members(&world, BOTH).set("auth.leeway=30s").await;
    let claims = claims(&token(&server, "/auth/register").await);
    let now = claims["iat"].as_u64().expect("a time");
    let (ours, secret) = (header(Algorithm::HS256, Some("secret")), EncodingKey::from_secret(SECRET.as_bytes()));
    let changed = |name, value: u64| signed(&ours, &with(&claims, name, json!(value)), &secret);
    works(&server, &changed("exp", now - 5)).await;
    works(&server, &changed("nbf", now + 25)).await;
    is_refused(&server, &changed("exp", now - 31), "expired").await;
    is_refused(&server, &changed("nbf", now + 120), "not valid yet").await;
}

async fn tokens_of_another_application_under_the_same_key_are_refused(world: World) {
    let ours = members(&world, BOTH).set("auth.issuer=us").set("auth.audience=documents").await;
    let token = token(&ours, "/auth/register").await;
    works(&ours, &token).await;
    let claims = claims(&token);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!("us"), &json!("documents")));
    let other = members(&world, BOTH).set("auth.issuer=us").set("auth.audience=mail").await;
    is_refused(&other, &token, "for another audience").await;
}

async fn the_key_of_development_is_made_once_and_kept(world: World) {
    let folder = world.dir().join("data");
    let program = || members(&world, "[]").set(&format!("mongo.embedded.data_dir={}", folder.display()));
    let first = program().await;
    let warning = first.log_contains("tokens are signed with a new key in").await;
    assert!(warning.contains("WARN") && warning.contains("auth.keys"), "{warning}");
    let token = token(&first, "/auth/register").await;
    drop(first);

    let second = program().await;
    works(&second, &token).await;
    assert!(second.log().lines().iter().all(|line| !line.contains("a new key")), "it is the same key");
}
