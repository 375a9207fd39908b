//! JSON Web Tokens (RFC 7519), signed with HS256, checked as RFC 8725 asks.

use super::User;
use crate::{
    error::{Code, Error},
    wire::Id,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Who makes these tokens, and for whom: another program's tokens under the same key are not ours.
const ISSUER: &str = "lambdio";

/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 5;

/// Makes and checks tokens.
pub(super) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    lifetime: Duration,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    name: String,
    iat: u64,
    nbf: u64,
    exp: u64,
    /// Names this token, so that it can be revoked one day.
    jti: String,
}

impl Tokens {
    pub fn new(key: &[u8], lifetime: Duration) -> Self {
        // exactly one algorithm: `none` and all others are refused
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        Self { signing: EncodingKey::from_secret(key), checking: DecodingKey::from_secret(key), validation, lifetime }
    }

    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token for a user, from now on.
    pub fn issue(&self, user: &User) -> Result<String, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: user.id().to_owned(),
            name: user.name().to_owned(),
            iat: now,
            nbf: now,
            exp: now + self.lifetime.as_secs(),
            jti: Id::new().to_string(),
        };
        Ok(encode(&Header::new(Algorithm::HS256), &claims, &self.signing)?)
    }

    /// Who a token belongs to. Every token that is not valid is the same `unauthenticated`; the log has the reason.
    pub fn verify(&self, token: &str) -> Result<User, Error> {
        match decode::<Claims>(token, &self.checking, &self.validation) {
            Ok(token) => Ok(User::new(token.claims.sub, token.claims.name, Vec::new())),
            Err(error) => Err(Error::new(Code::Unauthenticated).with_cause(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(key: &[u8]) -> Tokens {
        Tokens::new(key, Duration::from_secs(60))
    }

    fn claims(change: impl FnOnce(&mut Claims)) -> Claims {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let mut claims = Claims {
            iss: ISSUER.into(),
            aud: ISSUER.into(),
            sub: "1".into(),
            name: "ada".into(),
            iat: now,
            nbf: now,
            exp: now + 60,
            jti: "1".into(),
        };
        change(&mut claims);
        claims
    }

    fn signed(algorithm: Algorithm, claims: &Claims) -> String {
        encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(&[7; 64])).unwrap()
    }

    #[test]
    fn a_token_leads_back_to_its_user() {
        let ours = tokens(&[7; 64]);
        let token = ours.issue(&User::new("1".into(), "ada".into(), Vec::new())).unwrap();
        let user = ours.verify(&token).unwrap();
        assert_eq!((user.id(), user.name()), ("1", "ada"));
    }

    #[test]
    fn every_wrong_token_is_the_same_refusal() {
        let ours = tokens(&[7; 64]);
        assert!(ours.verify(&signed(Algorithm::HS256, &claims(|_| {}))).is_ok());
        let good = signed(Algorithm::HS256, &claims(|_| {}));
        let (head, rest) = good.split_once('.').unwrap();
        let none = {
            // {"alg":"none","typ":"JWT"}
            let (body, _) = rest.split_once('.').unwrap();
            format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.")
        };
        let wrong = [
            String::new(),
            "x".into(),
            format!("{head}.{}", rest.replacen(|c: char| c.is_ascii_lowercase(), "A", 1)),
            none,
            signed(Algorithm::HS512, &claims(|_| {})),
            signed(Algorithm::HS256, &claims(|claims| claims.exp = 1)),
            signed(Algorithm::HS256, &claims(|claims| claims.nbf += 600)),
            signed(Algorithm::HS256, &claims(|claims| claims.iss = "else".into())),
            signed(Algorithm::HS256, &claims(|claims| claims.aud = "else".into())),
            tokens(&[8; 64]).issue(&User::new("1".into(), "ada".into(), Vec::new())).unwrap(),
        ];
        for token in wrong {
            let error = ours.verify(&token).unwrap_err();
            assert_eq!(
                (error.code(), error.message()),
                ("unauthenticated", Code::Unauthenticated.message()),
                "{token}"
            );
        }
    }
}
