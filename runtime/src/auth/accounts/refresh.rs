//! Refresh tokens: opaque, used once, stored hashed.
//!
//! Each use gives a successor. It is made of the token and a salt that the database keeps, so a second tab that uses the same
//! token a moment later gets the same successor, without the database ever holding a token.

use crate::{auth::SessionId, random, wire::Id};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A refresh token: `<account>.<session>.<secret>`.
pub(crate) struct RefreshToken {
    pub user: Id,
    pub session: SessionId,
    secret: String,
}

/// Characters of a secret or a salt: 258 bits.
const SECRET: usize = 43;
/// A token is never longer.
const LONGEST: usize = 256;

impl RefreshToken {
    /// The first one of a session.
    pub fn random(user: Id, session: SessionId) -> Result<Self, getrandom::Error> {
        Ok(Self { user, session, secret: random::name::<SECRET>()? })
    }

    /// What a client shows; `None` for what is no token. Whether it is ours is told by its hash.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut parts = text.split('.');
        let (user, session, secret) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
        let is_whole = parts.next().is_none() && !session.is_empty() && !secret.is_empty();
        is_whole.then(|| Self { user, session: session.into(), secret: secret.to_owned() })
    }

    /// As a client shows it.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.user, self.session, self.secret)
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        sha256(&["refresh", &self.secret])
    }

    /// The one that follows it, with this salt.
    pub fn successor(&self, salt: &str) -> Self {
        let secret = sha256(&["successor", salt, &self.secret]);
        Self { user: self.user, session: self.session.clone(), secret }
    }

    /// A salt for the next successor.
    pub fn salt() -> Result<String, getrandom::Error> {
        random::name::<SECRET>()
    }
}

/// Of the parts, each followed by what no part has. Secrets are random: they need no slow hash.
fn sha256(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        RefreshToken::random(Id::new(), SessionId::random().unwrap()).unwrap()
    }

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = token();
        let read = RefreshToken::parse(&token.text()).unwrap();
        assert_eq!((read.user, &read.session, read.hash()), (token.user, &token.session, token.hash()));
    }

    #[test]
    fn anything_else_is_no_token() {
        let good = token().text();
        let long = format!("{good}{}", "x".repeat(300));
        for text in ["", ".", "..", "a.b.c", &good.replace('.', ""), &format!("{good}.x"), &long] {
            assert!(RefreshToken::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn two_tabs_get_the_same_successor_and_nobody_else_does() {
        let (token, salt) = (token(), RefreshToken::salt().unwrap());
        assert_eq!(token.successor(&salt).text(), token.successor(&salt).text());
        assert_ne!(token.successor(&salt).hash(), token.hash());
        assert_ne!(token.successor(&salt).hash(), token.successor(&RefreshToken::salt().unwrap()).hash());
        assert_ne!(token.successor(&salt).text(), self::token().successor(&salt).text());
    }
}
