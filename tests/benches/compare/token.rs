//! What logs a client in at every server.

use crate::Failure;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use std::time::SystemTime;

/// What tokens are signed with.
pub const KEY: &str = "a key for the benchmark, which keeps no secret";

/// What tokens call the key.
const KEY_ID: &str = "bench";

#[derive(Serialize)]
struct Claims {
    iss: &'static str,
    aud: &'static str,
    sub: &'static str,
    sid: &'static str,
    name: &'static str,
    iat: u64,
    nbf: u64,
    exp: u64,
    jti: &'static str,
}

/// The key as lambdio's setting `auth.keys`.
pub fn keys() -> String {
    format!("[{{ id = {KEY_ID:?}, key = {KEY:?} }}]")
}

/// A token with the claims of lambdio's accounts, signed with HS256.
pub fn issue() -> Result<String, Failure> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let claims = Claims {
        iss: "lambdio",
        aud: "lambdio",
        sub: "507f1f77bcf86cd799439011",
        sid: "507f191e810c19729de860eb",
        name: "ada",
        iat: now,
        nbf: now,
        exp: now + 60 * 60,
        jti: "507f191e810c19729de860ea",
    };
    let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::HS256) };
    Ok(encode(&header, &claims, &EncodingKey::from_secret(KEY.as_bytes()))?)
}
