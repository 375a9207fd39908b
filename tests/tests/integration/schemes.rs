//! Other ways to log in than an account: an identity provider's tokens, and API keys beside accounts.

use axum::{Json, Router, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp, jwk::Jwk};
use lambdio_tests::{Client, Program, Proxy, Refusal, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{net::TcpListener, task::JoinSet};

trials![
    a_route_knows_the_user_of_a_token,
    a_client_enters_by_token_and_by_header,
    every_wrong_token_gets_the_same_answer,
    a_rotated_key_is_fetched_and_logs_nobody_out,
    unknown_keys_are_seldom_asked_for,
    a_provider_that_is_away_at_start_ends_the_start,
    a_provider_that_is_away_later_leaves_its_keys,
    a_token_expires_while_its_socket_is_open,
    a_socket_is_renewed_by_who_is_the_same_in_all,
    ending_all_sessions_closes_the_sockets_of_such_a_user_too,
    a_machine_shows_its_key,
    a_key_that_is_wrong_is_refused,
    people_log_in_beside_machines,
    who_has_no_claims_is_forbidden_where_they_are_asked_for,
    a_key_in_the_configuration_is_a_start_error,
];

const ISSUER: &str = "https://idp.example.org";
const AUDIENCE: &str = "members";

/// `{"alg":"none","typ":"JWT","kid":"first"}`
const NO_ALGORITHM: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoiZmlyc3QifQ";

/// A key of the provider.
struct Key {
    name: &'static str,
    private: EncodingKey,
}

impl Key {
    /// An Ed25519 key, the secret 32 times the same byte.
    fn new(name: &'static str, byte: u8) -> Self {
        // PKCS #8 (RFC 8410, section 7)
        let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        der.extend([byte; 32]);
        Self { name, private: EncodingKey::from_ed_der(&der) }
    }

    fn first() -> Self {
        Self::new("first", 1)
    }

    fn public(&self) -> Value {
        let mut key = Jwk::from_encoding_key(&self.private, Algorithm::EdDSA).expect("a public key");
        key.common.key_id = Some(self.name.to_owned());
        serde_json::to_value(key).expect("JSON")
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.name.to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, claims, &self.private).expect("a token")
    }

    /// A token of Ada, but for these claims; null takes one away.
    #[allow(clippy::needless_pass_by_value, reason = "a call reads best with json!(…) in its place")]
    fn token(&self, but: Value) -> String {
        let now = get_current_timestamp();
        let mut claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "nbf": now, "exp": now + 3600,
            "name": "Ada", "roles": ["editor", "author"], "tenant": "Engines", "email": "ada@example.org",
        });
        for (name, value) in but.as_object().expect("claims") {
            match value {
                Value::Null => drop(claims.as_object_mut().and_then(|claims| claims.remove(name))),
                value => claims[name] = value.clone(),
            }
        }
        self.sign(&claims)
    }
}

/// The identity provider.
struct Provider {
    address: String,
    keys: Arc<Mutex<Value>>,
    asked: Arc<AtomicUsize>,
    /// Ended when this is dropped.
    _serving: JoinSet<()>,
}

impl Provider {
    async fn start() -> Self {
        let (keys, asked) = (Arc::new(Mutex::new(Value::Null)), Arc::new(AtomicUsize::new(0)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (published, asking) = (keys.clone(), asked.clone());
        let answer = async move || {
            asking.fetch_add(1, Ordering::Relaxed);
            Json(published.lock().expect("no panic").clone())
        };
        let router = Router::new().route("/keys", get(answer));
        let mut serving = JoinSet::new();
        serving.spawn(async { axum::serve(listener, router).await.expect("a server") });
        let provider = Self { address, keys, asked, _serving: serving };
        provider.publish(&[&Key::first()]);
        provider
    }

    fn publish(&self, keys: &[&Key]) {
        // what others publish beside: a secret, a key for encryption, one without an algorithm, one that nobody knows
        let mut published = vec![
            json!({ "kid": "secret", "kty": "oct", "alg": "HS256", "k": "c2VjcmV0" }),
            json!({ "kid": "encryption", "kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "n": "AQAB", "e": "AQAB" }),
            json!({ "kid": "vague", "kty": "OKP", "crv": "Ed25519", "x": Key::first().public()["x"] }),
            json!({ "kid": "later", "kty": "AKP", "alg": "ML-DSA-44", "pub": "AQAB" }),
        ];
        published.extend(keys.iter().map(|key| key.public()));
        *self.keys.lock().expect("no panic") = json!({ "keys": published });
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// The application whose users come from the provider at this address.
fn application(world: &World, address: &str) -> Program {
    world
        .example("identity_provider")
        .set(&format!("app.identity_provider.jwks=http://{address}/keys"))
        .set(&format!("app.identity_provider.issuer={ISSUER}"))
        .set(&format!("app.identity_provider.audience={AUDIENCE}"))
        .set("namespaces.\"/members\".auth=required")
}

async fn me(client: &Client, token: &str) -> u16 {
    client.get("/me").header("authorization", &format!("Bearer {token}")).await.status
}

async fn enter(client: &Client, token: &str) -> Socket {
    client.connect("/members").auth(json!({ "token": token })).await
}

/// Waits for the last event of a socket, and for its end.
async fn ended(socket: &Socket, code: &str) {
    assert_eq!(socket.next("auth:ended").await[0]["code"], code);
    assert_eq!(socket.gone().await, "io server disconnect");
}

async fn a_route_knows_the_user_of_a_token(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let ada = server.client("Ada").await;
    let bearer = format!("Bearer {}", Key::first().token(json!({})));
    let answer = ada.get("/me").header("authorization", &bearer).await;
    assert_eq!((answer.status, answer.json), (200, json!({ "tenant": "Engines", "email": "ada@example.org" })));
    let nobody = ada.get("/me").await;
    assert_eq!((nobody.status, nobody.error().code.as_str()), (401, "unauthenticated"));
}

async fn a_client_enters_by_token_and_by_header(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let ada = server.client("Ada").await;
    let token = Key::first().token(json!({ "aud": ["others", AUDIENCE] }));
    for transport in Transport::BOTH {
        let by_token = ada.connect("/members").over(transport).auth(json!({ "token": token }));
        let header = json!({ "authorization": format!("Bearer {token}") });
        let by_header = ada.connect("/members").over(transport).headers(header);
        for socket in [by_token.await, by_header.await] {
            let who = socket.ask("who_am_i", json!([])).await;
            assert_eq!(who, "Ada (ada) of Engines, editor and author", "{transport:?}");
        }
    }
    assert_eq!(ada.connect("/members").refused().await.message, "unauthenticated");
}

async fn every_wrong_token_gets_the_same_answer(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let client = server.client("somebody").await;
    let (first, now) = (Key::first(), get_current_timestamp());
    let right = first.token(json!({}));
    assert_eq!(me(&client, &right).await, 200);

    let (_, signed) = right.split_once('.').expect("a token");
    let (claims, _) = signed.split_once('.').expect("a token");
    let public = first.public()["x"].as_str().expect("a public key").to_owned();
    let hmac = |key: &str| Header { kid: Some(key.to_owned()), ..Header::new(Algorithm::HS256) };
    let secret = EncodingKey::from_secret(b"secret");
    let unnamed = Header::new(Algorithm::EdDSA);
    let plain =
        json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "name": "Ada", "exp": now + 60, "tenant": "Engines" });
    let wrong = [
        ("another issuer", first.token(json!({ "iss": "https://idp.example.com" }))),
        ("no issuer", first.token(json!({ "iss": null }))),
        ("several issuers", first.token(json!({ "iss": [ISSUER] }))),
        ("another audience", first.token(json!({ "aud": "guests" }))),
        ("no audience", first.token(json!({ "aud": null }))),
        ("expired", first.token(json!({ "exp": now - 60 }))),
        ("without an end", first.token(json!({ "exp": null }))),
        ("not yet valid", first.token(json!({ "nbf": now + 60 }))),
        ("nobody's", first.token(json!({ "sub": null }))),
        ("without claims that are asked for", first.token(json!({ "tenant": null }))),
        ("an unknown key", Key::new("second", 2).token(json!({}))),
        ("another key under a known name", Key::new("first", 2).token(json!({}))),
        ("a key without a name", encode(&unnamed, &plain, &first.private).expect("a token")),
        ("a key without an algorithm", Key::new("vague", 1).token(json!({}))),
        ("a secret that is published", encode(&hmac("secret"), &plain, &secret).expect("a token")),
        ("no algorithm", format!("{NO_ALGORITHM}.{claims}.")),
        ("no algorithm, with a signature", format!("{NO_ALGORITHM}.{signed}")),
        (
            "the public key as a secret",
            encode(&hmac("first"), &plain, &EncodingKey::from_secret(public.as_bytes())).expect("a token"),
        ),
        ("other claims under the signature", right.replacen('.', ".e30", 1)),
        ("no signature", right.rsplit_once('.').expect("a token").0.to_owned() + "."),
        ("no token", "x".to_owned()),
        ("nothing", String::new()),
    ];
    for (what, token) in wrong {
        let answer = client.get("/me").header("authorization", &format!("Bearer {token}")).await;
        let error = answer.error();
        assert_eq!(
            (answer.status, error.code.as_str(), error.details),
            (401, "unauthenticated", Value::Null),
            "{what}"
        );
        assert_eq!(error.message, "log in first", "{what}");
        let refusal = client.connect("/members").auth(json!({ "token": token })).refused().await;
        assert_eq!(refusal, Refusal { message: "unauthenticated".to_owned(), data: Value::Null }, "{what}");
    }
}

async fn a_rotated_key_is_fetched_and_logs_nobody_out(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let client = server.client("somebody").await;
    let (first, second) = (Key::first(), Key::new("second", 2));
    let socket = enter(&client, &first.token(json!({}))).await;
    provider.publish(&[&first, &second]);
    let tokens: Vec<String> = (0..8).map(|user| second.token(json!({ "sub": format!("user {user}") }))).collect();
    let answers = futures_util::future::join_all(tokens.iter().map(|token| me(&client, token))).await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(provider.asked(), 2, "all of them wait for one answer");
    assert_eq!(me(&client, &first.token(json!({}))).await, 200);
    socket.ask("auth:renew", json!([{ "token": second.token(json!({})) }])).await;
}

async fn unknown_keys_are_seldom_asked_for(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let client = server.client("somebody").await;
    let (first, second) = (Key::first(), Key::new("second", 2));
    for _ in 0..20 {
        assert_eq!(me(&client, &second.token(json!({}))).await, 401);
    }
    assert_eq!(provider.asked(), 2, "at start, and once");
    provider.publish(&[&second]);
    let token = second.token(json!({}));
    eventually("the new key is fetched", async || (me(&client, &token).await == 200).then_some(())).await;
    assert_eq!(provider.asked(), 3);
    assert_eq!(me(&client, &first.token(json!({}))).await, 401, "the provider took it back");
}

async fn a_provider_that_is_away_at_start_ends_the_start(world: World) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let ended = application(&world, &address).run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    let said = format!("app.identity_provider.jwks: no keys from http://{address}/keys");
    assert!(ended.stderr.contains(&said), "{}", ended.stderr);

    let provider = Provider::start().await;
    provider.publish(&[]);
    let ended = application(&world, &provider.address).run().await;
    assert!(ended.code == Some(1) && ended.stderr.contains("no key has a name"), "{ended:?}");
}

async fn a_provider_that_is_away_later_leaves_its_keys(world: World) {
    let provider = Provider::start().await;
    let proxy = Proxy::to(&provider.address).await;
    let server = application(&world, proxy.address()).await;
    let client = server.client("somebody").await;
    let (first, second) = (Key::first(), Key::new("second", 2));
    provider.publish(&[&first, &second]);
    proxy.cut();
    assert_eq!(me(&client, &second.token(json!({}))).await, 401);
    server.log_contains("the old ones stay").await;
    assert_eq!(me(&client, &first.token(json!({}))).await, 200);
    proxy.mend().await;
    let token = second.token(json!({}));
    eventually("the new key is fetched", async || (me(&client, &token).await == 200).then_some(())).await;
}

/// The `exp` of a token that the application takes for so many seconds: it grants five more, as clocks differ.
fn lasting(seconds: u64) -> Value {
    json!({ "exp": get_current_timestamp() + seconds - 5 })
}

async fn a_token_expires_while_its_socket_is_open(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).set("auth.expiry_notice=5s").await;
    let client = server.client("Ada").await;
    for transport in Transport::BOTH {
        let token = Key::first().token(lasting(6));
        let socket = client.connect("/members").over(transport).auth(json!({ "token": token })).await;
        let told = socket.next("auth:expiring").await;
        assert!(told[0]["expires_in_ms"].as_u64().is_some_and(|left| left <= 5000), "{told}");
        let renewed = socket.ask("auth:renew", json!([{ "token": Key::first().token(lasting(8)) }])).await;
        assert!(renewed["expires_at"].as_str() > told[0]["expires_at"].as_str(), "{renewed}");
        let again = socket.next("auth:expiring").await;
        assert_eq!(again[0]["expires_at"], renewed["expires_at"], "it outlived its first token");
        assert!(socket.ask("who_am_i", json!([])).await.is_string(), "it still may");
        ended(&socket, "expired").await;
        assert_eq!(
            client.connect("/members").auth(json!({ "token": token })).refused().await.message,
            "unauthenticated"
        );
    }
}

async fn a_socket_is_renewed_by_who_is_the_same_in_all(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let first = Key::first();
    let socket = enter(&server.client("Ada").await, &first.token(json!({}))).await;
    for (other, code) in [
        (json!({ "sub": "bob" }), "forbidden"),
        (json!({ "roles": ["editor"] }), "forbidden"),
        (json!({ "tenant": "Looms" }), "forbidden"),
        (json!({ "email": null }), "forbidden"),
        (json!({ "aud": "guests" }), "unauthenticated"),
    ] {
        let token = first.token(other.clone());
        assert_eq!(socket.ask_error("auth:renew", json!([{ "token": token }])).await.code, code, "{other}");
    }
    let token = first.token(json!({ "name": "Ada King", "roles": ["author", "editor", "owner"] }));
    assert!(socket.ask("auth:renew", json!([{ "token": token }])).await["expires_at"].is_string());
    let who = socket.ask("who_am_i", json!([])).await;
    assert_eq!(who, "Ada (ada) of Engines, editor and author", "as it was when the client connected");
}

async fn ending_all_sessions_closes_the_sockets_of_such_a_user_too(world: World) {
    let provider = Provider::start().await;
    let server = application(&world, &provider.address).await;
    let client = server.client("somebody").await;
    let token = Key::first().token(json!({}));
    let sockets = [enter(&client, &token).await, enter(&client, &token).await];
    let bob = enter(&client, &Key::first().token(json!({ "sub": "bob" }))).await;
    sockets[0].emit("leave_everywhere", json!([])).await;
    for socket in &sockets {
        ended(socket, "revoked").await;
    }
    assert!(bob.ask("who_am_i", json!([])).await.is_string());
    enter(&client, &token).await;
}

const API_KEY: &str = "5f1d3b9c0e2a4d6f8b7c1a3e5d9f0b2c";
/// Of that key.
const HASH: &str = "9b29dc4bcd26cd689a7d3c28ec15e6c6631042ed136d0880e94800752f76f62f";

/// The application with accounts and one machine, whose key has this hash.
fn stations(world: &World, hash: &str) -> Program {
    let text = format!("[app.keys.{hash}]\nname = \"Station\"\nsite = \"Graz\"\nroles = [\"sensor\"]\n");
    world
        .example("api_keys")
        .with_database()
        .set("auth.accounts.bcrypt_cost=4")
        .set("namespaces.\"/machines\".auth=required")
        .file("config/local.toml", &text)
}

async fn a_machine_shows_its_key(world: World) {
    let server = stations(&world, HASH).await;
    let station = server.client("a weather station").await;
    let answer = station.get("/me").header("x-api-key", API_KEY).await;
    assert_eq!((answer.status, answer.json), (200, json!("Station")));
    for transport in Transport::BOTH {
        let by_auth = station.connect("/machines").over(transport).auth(json!({ "api_key": API_KEY }));
        let by_header = station.connect("/machines").over(transport).headers(json!({ "x-api-key": API_KEY }));
        for socket in [by_auth.await, by_header.await] {
            assert_eq!(socket.ask("who_am_i", json!([])).await, "Station");
            assert_eq!(socket.ask("report", json!([21.5])).await, "21.5 degrees in Graz");
            assert_eq!(socket.ask("auth:renew", json!([])).await, json!({ "expires_at": null }), "it has no end");
        }
    }
    let log = server.log().lines();
    assert!(!log.iter().any(|line| line.contains(API_KEY)), "the key is nowhere in the log");
}

async fn a_key_that_is_wrong_is_refused(world: World) {
    let server = stations(&world, HASH).await;
    let station = server.client("a weather station").await;
    for wrong in ["", "x", HASH, &API_KEY[1..], &format!("{API_KEY}0"), &API_KEY.to_uppercase()] {
        let answer = station.get("/me").header("x-api-key", wrong).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"), "{wrong}");
        let refusal = station.connect("/machines").auth(json!({ "api_key": wrong })).refused().await;
        assert_eq!(refusal.message, "unauthenticated", "{wrong}");
    }
    for no_key in [json!({ "api_key": { "$ne": null } }), json!({ "api_key": [API_KEY] }), json!({})] {
        let refusal = station.connect("/machines").auth(no_key).refused().await;
        assert_eq!(refusal.message, "unauthenticated");
    }
}

async fn people_log_in_beside_machines(world: World) {
    let server = stations(&world, HASH).await;
    let ada = server.registered("Ada").await.0;
    assert_eq!(ada.get("/me").await.json, json!("Ada"));
    assert_eq!(
        ada.get("/me").header("x-api-key", API_KEY).await.json,
        json!("Station"),
        "schemes come before accounts"
    );
    assert_eq!(ada.get("/me").header("x-api-key", "x").await.status, 401, "and what one refuses is refused");
    let (ada, station) = (
        ada.connect("/machines").await,
        server.client("a weather station").await.connect("/machines").auth(json!({ "api_key": API_KEY })).await,
    );
    assert_eq!(
        (ada.ask("who_am_i", json!([])).await, station.ask("who_am_i", json!([])).await),
        (json!("Ada"), json!("Station"))
    );
}

async fn who_has_no_claims_is_forbidden_where_they_are_asked_for(world: World) {
    let server = stations(&world, HASH).await;
    let ada = server.registered("Ada").await.0.connect("/machines").await;
    assert_eq!(ada.ask_error("report", json!([21.5])).await.code, "forbidden");
    assert_eq!(ada.ask("who_am_i", json!([])).await, "Ada", "elsewhere she may");
}

async fn a_key_in_the_configuration_is_a_start_error(world: World) {
    let ended = stations(&world, API_KEY).run().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("the SHA-256 of the keys") && !ended.stderr.contains(API_KEY), "{}", ended.stderr);
}
