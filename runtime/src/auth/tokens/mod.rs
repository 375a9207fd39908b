//! JSON Web Tokens (RFC 7519), checked as RFC 8725 asks.
//!
//! A token names the key it is signed with (`kid`). That key decides which algorithm is right, whatever the token says; a
//! token that names none, or one that is not there, is wrong. The claims are `iss`, `aud`, `sub` (the user), `sid` (the
//! session), `iat`, `nbf`, `exp` and `jti`, all of them required. What a user is called, and what they may do, is not in
//! there: that may change before a token expires.

#[cfg(test)]
mod tests;
mod wrong;

use super::{
    SessionId,
    keys::{CheckingKey, KeyError, Keys, SigningKey},
};
use crate::{
    config::{self, Config},
    error::{Code, Error},
    wire::{Id, Timestamp},
};
use jsonwebtoken::{Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wrong::WrongToken;

/// A longer token is refused unread, in bytes. Ours have less than 1 000.
const LONGEST: usize = 4096;

/// Makes and checks tokens.
pub(crate) struct Tokens {
    signing: SigningKey,
    known: Vec<Known>,
    issuer: String,
    audience: String,
    leeway: Duration,
}

/// A new token.
pub(crate) struct Issued {
    /// The token. It is as good as a password while it is valid: never log it.
    pub token: String,
    /// When it ends, in seconds since 1970. Until [`Tokens::leeway`] after that it is still accepted.
    pub expires_at: u64,
}

/// What a valid token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// The user's id.
    pub user_id: String,
    /// The session.
    pub session: SessionId,
    /// When the token ends, in seconds since 1970. Until [`Tokens::leeway`] after that it is still accepted.
    pub expires_at: u64,
}

/// A key, and what is asked of the tokens it has signed.
struct Known {
    key: CheckingKey,
    validation: Validation,
    /// The same for tokens that may have expired.
    ageless: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: SessionId,
    iat: u64,
    nbf: u64,
    exp: u64,
    /// Names this token alone.
    jti: String,
}

impl Tokens {
    /// Finds the keys. The error names the key that cannot be used.
    pub fn start(config: &Config) -> Result<Self, KeyError> {
        Ok(Self::new(Keys::find(config)?, &config.settings().auth))
    }

    fn new(keys: Keys, settings: &config::Auth) -> Self {
        let config::Auth { issuer, audience, leeway, .. } = settings;
        let known = keys.checking.into_iter().map(|key| Known::new(key, settings)).collect();
        Self { signing: keys.signing, known, issuer: issuer.clone(), audience: audience.clone(), leeway: *leeway }
    }

    /// A token for a user's session, from now on.
    pub fn issue(&self, user_id: &str, session: &SessionId, lifetime: Duration) -> Result<Issued, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let expires_at = now.saturating_add(lifetime).as_secs();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user_id.to_owned(),
            sid: session.clone(),
            iat: now.as_secs(),
            nbf: now.as_secs(),
            exp: expires_at,
            jti: Id::new().to_string(),
        };
        Ok(Issued { token: encode(&self.signing.header, &claims, &self.signing.key)?, expires_at })
    }

    /// What a token says. Every wrong one is the same `unauthenticated`; the cause says what is wrong, without any of it.
    pub fn verify(&self, token: &str) -> Result<Verified, Error> {
        let claims = self.read(token, |known| &known.validation);
        let claims = claims.map_err(|wrong| Error::new(Code::Unauthenticated).with_cause(wrong))?;
        Ok(Verified { user_id: claims.sub, session: claims.sid, expires_at: claims.exp })
    }

    /// User and session of a token that is right but for its age: it may have expired.
    pub fn session_of(&self, token: &str) -> Option<(String, SessionId)> {
        let claims = self.read(token, |known| &known.ageless).ok()?;
        Some((claims.sub, claims.sid))
    }

    /// How long a token is accepted after it has expired, because clocks differ: `auth.leeway`.
    pub fn leeway(&self) -> Duration {
        self.leeway
    }

    fn read(&self, token: &str, asked: impl FnOnce(&Known) -> &Validation) -> Result<Claims, WrongToken> {
        if token.len() > LONGEST {
            return Err(WrongToken::TooLong);
        }
        let header = decode_header(token).map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => WrongToken::Head,
            _ => WrongToken::Malformed,
        })?;
        // RFC 7515, section 4.1.11: what must be understood and is not makes a token wrong
        if header.crit.is_some() {
            return Err(WrongToken::Critical);
        }
        let id = header.kid.ok_or(WrongToken::NoKey)?;
        let known = self.known.iter().find(|known| known.key.id == id).ok_or(WrongToken::UnknownKey)?;
        Ok(decode::<Claims>(token, &known.key.key, asked(known))?.claims)
    }
}

impl Issued {
    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        moment(self.expires_at).into()
    }
}

impl Verified {
    /// When it expires.
    pub fn expires_at(&self) -> SystemTime {
        moment(self.expires_at)
    }
}

impl Known {
    fn new(key: CheckingKey, settings: &config::Auth) -> Self {
        // exactly one algorithm: `none` and all others are refused
        let mut validation = Validation::new(key.algorithm);
        validation.leeway = settings.leeway.as_secs();
        validation.validate_nbf = true;
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        let mut ageless = validation.clone();
        ageless.validate_exp = false;
        Self { key, validation, ageless }
    }
}

/// Seconds since 1970. What is beyond the clock is taken for long past.
pub(super) fn moment(seconds: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(UNIX_EPOCH)
}
