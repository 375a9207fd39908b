//! `[auth]`.

use super::{
    Row, live,
    looks::{Bearer, account, change_account, member, members},
    with,
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Validation, dangerous::insecure_decode, decode, decode_header, encode,
};
use lambdio_tests::{Program, Server, World};
use mongodb::bson::doc;
use serde_json::{Value, json};

const FIRST: &str = "the first secret of more than 32 bytes";
const SECOND: &str = "the second secret of more than 32 bytes";

/// The key of RFC 8410, section 10.3.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "auth.keys.*.id",
            with_keys,
            [
                with("[[auth.keys]]\nid = \"2026-11\"\nkey_file = \"first.key\"", "2026-11"),
                with("[[auth.keys]]\nid = \"2026-12\"\nkey_file = \"first.key\"", "2026-12"),
            ],
            async |server| decode_header(token(server).await).expect("a token").kid.unwrap_or_default(),
        ),
        live(
            "auth.keys.*.algorithm",
            with_keys,
            [
                with("[[auth.keys]]\nid = \"1\"\nalgorithm = \"HS256\"\nkey_file = \"first.key\"", "HS256"),
                with("[[auth.keys]]\nid = \"1\"\nalgorithm = \"EdDSA\"\nkey_file = \"edwards.pem\"", "EdDSA"),
            ],
            async |server| format!("{:?}", decode_header(token(server).await).expect("a token").alg),
        ),
        live(
            "auth.keys.*.key",
            members,
            [
                with("[[auth.keys]]\nid = \"1\"\nkey = \"the first secret of more than 32 bytes\"", "first"),
                with("[[auth.keys]]\nid = \"1\"\nkey = \"the second secret of more than 32 bytes\"", "second"),
            ],
            async |server| signed_with(&token(server).await),
        ),
        live(
            "auth.keys.*.key_file",
            with_keys,
            [
                with("[[auth.keys]]\nid = \"1\"\nkey_file = \"first.key\"", "first"),
                with("[[auth.keys]]\nid = \"1\"\nkey_file = \"second.key\"", "second"),
            ],
            async |server| signed_with(&token(server).await),
        ),
        live(
            "auth.issuer",
            members,
            [with("[auth]\nissuer = \"here\"", "here"), with("[auth]\nissuer = \"there\"", "there")],
            async |server| claim(server, "iss").await,
        ),
        live(
            "auth.audience",
            members,
            [with("[auth]\naudience = \"documents\"", "documents"), with("[auth]\naudience = \"mail\"", "mail")],
            async |server| claim(server, "aud").await,
        ),
        live(
            "auth.leeway",
            |world| with_keys(world).set("auth.keys=[{ id = \"1\", key_file = \"first.key\" }]"),
            [with("[auth]\nleeway = \"0s\"", "401"), with("[auth]\nleeway = \"60s\"", "200")],
            expired_half_a_minute_ago,
        ),
        live(
            "auth.access_token_lifetime",
            members,
            [
                with("[auth]\naccess_token_lifetime = \"1m\"", "60"),
                with("[auth]\naccess_token_lifetime = \"1h\"", "3600"),
            ],
            async |server| {
                let claims = claims(&token(server).await);
                let moment = |name: &str| claims[name].as_u64().expect("a time");
                (moment("exp") - moment("iat")).to_string()
            },
        ),
        live(
            "auth.expiry_notice",
            |world| members(world).set("auth.access_token_lifetime=1h").set("auth.leeway=0s"),
            [with("[auth]\nexpiry_notice = \"1h\"", "at once"), with("[auth]\nexpiry_notice = \"3594s\"", "later")],
            told_of_its_end,
        ),
        live(
            "auth.check_interval",
            |world| members(world).set("auth.access_token_lifetime=6s").set("auth.leeway=0s"),
            [with("[auth]\ncheck_interval = \"1h\"", "expired"), with("[auth]\ncheck_interval = \"50ms\"", "revoked")],
            ended_by_hand,
        ),
    ]
}

fn with_keys(world: &World) -> Program {
    members(world).file("first.key", FIRST).file("second.key", SECOND).file("edwards.pem", PRIVATE)
}

/// The token of somebody who has just registered.
async fn token(server: &Server) -> String {
    Bearer::new(server).await.token
}

/// What a token says.
fn claims(token: &str) -> Value {
    insecure_decode(token).expect("a token").claims
}

async fn claim(server: &Server, name: &str) -> String {
    claims(&token(server).await)[name].as_str().unwrap_or_default().to_owned()
}

/// Which of the secrets a token was signed with.
fn signed_with(token: &str) -> String {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_aud = false;
    let fits = |secret: &str| {
        let key = DecodingKey::from_secret(secret.as_bytes());
        decode::<Value>(token, &key, &validation).is_ok()
    };
    let found = [("first", FIRST), ("second", SECOND)].into_iter().find(|(_, secret)| fits(secret));
    found.map_or("neither", |(name, _)| name).to_owned()
}

/// What a route says to a token that has expired, but is right in everything else.
async fn expired_half_a_minute_ago(server: &Server) -> String {
    let somebody = Bearer::new(server).await;
    let (header, mut claims) = (decode_header(&somebody.token).expect("a token"), claims(&somebody.token));
    claims["exp"] = json!(claims["iat"].as_u64().expect("a time") - 30);
    let old = encode(&header, &claims, &EncodingKey::from_secret(FIRST.as_bytes())).expect("a token");
    somebody.show(&old).await.status.to_string()
}

/// When a socket hears that its log-in, which lasts an hour, is about to end.
async fn told_of_its_end(server: &Server) -> String {
    let socket = member(server).await.connect("/members").await;
    let left = socket.next("auth:expiring").await[0]["expires_in_ms"].as_u64().expect("a number");
    // the hour is counted in whole seconds
    if left > 3_594_000 { "at once" } else { "later" }.to_owned()
}

/// Why a socket is closed whose session was ended in the database, and whose log-in expires in six seconds.
async fn ended_by_hand(server: &Server) -> String {
    let somebody = Bearer::new(server).await;
    let socket = somebody.client.connect("/members").auth(json!({ "token": somebody.token })).await;
    let account = account(server, &somebody.name).await;
    change_account(server, &account, doc! { "$set": { "sessions": [] } }).await;
    socket.next("auth:ended").await[0]["code"].as_str().unwrap_or_default().to_owned()
}
