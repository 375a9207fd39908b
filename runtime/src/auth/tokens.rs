//! JSON Web Tokens (RFC 7519), signed with HS256, checked as RFC 8725 asks.

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
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: u64,
    nbf: u64,
    exp: u64,
    /// Names this token, so that it can be revoked one day.
    jti: String,
}

impl Tokens {
    pub fn load(config: &crate::config::Config) -> Result<Self, super::KeyError> {
        Ok(Self::new(&super::key::find(config)?))
    }

    pub fn new(key: &[u8]) -> Self {
        // exactly one algorithm: `none` and all others are refused
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        Self { signing: EncodingKey::from_secret(key), checking: DecodingKey::from_secret(key), validation }
    }

    /// A token for a user, from now on.
    pub fn issue(&self, user_id: &str, session: &str, lifetime: Duration) -> Result<Issued, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: user_id.to_owned(),
            sid: session.to_owned(),
            iat: now,
            nbf: now,
            exp: now + lifetime.as_secs(),
            jti: Id::new().to_string(),
        };
        Ok(Issued { token: encode(&Header::new(Algorithm::HS256), &claims, &self.signing)?, expires_at: claims.exp })
    }

    /// Who a token belongs to. Every token that is not valid is the same `unauthenticated`; the log has the reason.
    pub fn verify(&self, token: &str) -> Result<Verified, Error> {
        match decode::<Claims>(token, &self.checking, &self.validation) {
            Ok(token) => {
                Ok(Verified { user_id: token.claims.sub, session: token.claims.sid, expires_at: token.claims.exp })
            }
            Err(error) => Err(Error::new(Code::Unauthenticated).with_cause(error)),
        }
    }

    pub fn session_of(&self, token: &str) -> Option<(String, String)> {
        let mut validation = self.validation.clone();
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &self.checking, &validation).ok()?.claims;
        Some((claims.sub, claims.sid))
    }

    pub fn leeway(&self) -> Duration {
        Duration::from_secs(LEEWAY)
    }
}

pub(crate) struct Issued {
    pub token: String,
    pub expires_at: u64,
}

pub(crate) struct Verified {
    pub user_id: String,
    pub session: String,
    pub expires_at: u64,
}
