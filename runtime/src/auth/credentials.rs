//! What a client shows to prove who it is, and where it is taken from.

use super::cookie::{self, Ambiguous};
use crate::error::{Code, Error};
use http::{HeaderMap, header::AUTHORIZATION};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, fmt};

/// What a client shows to prove who it is: of a request, or of a Socket.IO client that enters a namespace.
///
/// Its token is the first one that is there of: `auth.token` of the handshake, the header `Authorization: Bearer` (RFC 6750),
/// the cookie of the accounts.
pub struct Credentials<'a> {
    headers: Cow<'a, HeaderMap>,
    /// The handshake's `auth`, as JSON.
    auth: Option<&'a str>,
    token: Option<Token>,
}

struct Token {
    text: String,
    from_cookie: bool,
}

impl<'a> Credentials<'a> {
    /// Of a request, or of the request that opened a connection, and the `auth` of the handshake.
    ///
    /// # Errors
    /// `unauthenticated` where there are two cookies of our name: nobody can tell which one is meant.
    pub(crate) fn new(headers: Cow<'a, HeaderMap>, auth: Option<&'a str>, cookie: &str) -> Result<Self, Error> {
        let by_hand = auth.and_then(token_of).or_else(|| bearer(&headers));
        let token = match by_hand {
            Some(text) => Some(Token { text, from_cookie: false }),
            None => match cookie::find(&headers, cookie) {
                Ok(text) => text.map(|text| Token { text, from_cookie: true }),
                Err(Ambiguous) => return Err(Error::new(Code::Unauthenticated).with_cause(Ambiguous)),
            },
        };
        Ok(Self { headers, auth, token })
    }

    /// A token alone, as a client renews its log-in with.
    pub(crate) fn of_token(token: &str) -> Self {
        let token = Token { text: token.to_owned(), from_cookie: false };
        Self { headers: Cow::Owned(HeaderMap::new()), auth: None, token: Some(token) }
    }

    /// The token, if there is one. It may be anything: verify it.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_ref().map(|token| token.text.as_str())
    }

    /// Whether the token is from the cookie, which browsers send by themselves.
    #[must_use]
    pub fn is_from_cookie(&self) -> bool {
        self.token.as_ref().is_some_and(|token| token.from_cookie)
    }

    /// All headers of the request.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What a Socket.IO client gave as `auth`, if it fits.
    #[must_use]
    pub fn auth<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.auth?).ok()
    }
}

/// Names what is there, and shows nothing of it.
impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("token", &self.token.is_some()).finish_non_exhaustive()
    }
}

/// The client's `auth.token`. Anything else in `auth` is not for us.
fn token_of(auth: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Token {
        token: Option<String>,
    }
    serde_json::from_str::<Token>(auth).ok()?.token
}

/// RFC 6750, section 2.1.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    fn token(headers: &HeaderMap, auth: Option<&str>) -> Option<String> {
        Credentials::new(Cow::Borrowed(headers), auth, "ours").unwrap().token().map(str::to_owned)
    }

    #[test]
    fn the_handshake_comes_before_the_header_and_that_before_the_cookie() {
        let mut headers = HeaderMap::new();
        assert_eq!(token(&headers, None), None);
        headers.insert(COOKIE, "other=1; ours=by-cookie".parse().unwrap());
        assert_eq!(token(&headers, None).as_deref(), Some("by-cookie"));
        headers.insert(AUTHORIZATION, "Basic abc".parse().unwrap());
        assert_eq!(token(&headers, None).as_deref(), Some("by-cookie"));
        headers.insert(AUTHORIZATION, "bearer by-header".parse().unwrap());
        assert_eq!(token(&headers, None).as_deref(), Some("by-header"));
        assert_eq!(token(&headers, Some(r#"{"token":"by-hand","room":1}"#)).as_deref(), Some("by-hand"));
        assert_eq!(token(&headers, Some(r#"{"token":1}"#)).as_deref(), Some("by-header"));
    }

    #[test]
    fn two_cookies_of_our_name_are_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, "ours=one; ours=two".parse().unwrap());
        let error = Credentials::new(Cow::Borrowed(&headers), None, "ours").unwrap_err();
        assert!(error.is(Code::Unauthenticated));
    }
}
