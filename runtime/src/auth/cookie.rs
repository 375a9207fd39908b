//! Where a browser keeps its token, and where else a token may come from.
//!
//! The order: `auth.token` of a Socket.IO handshake, the header `Authorization: Bearer`, the cookie. The first one that
//! is there decides.

use cookie::{Cookie, SameSite};
use http::{
    HeaderMap,
    header::{AUTHORIZATION, COOKIE},
};
use std::time::Duration;

/// With https the name itself says that the cookie is ours alone (RFC 6265bis, section 4.1.3.2).
pub(super) const fn name(secure: bool) -> &'static str {
    if secure { "__Host-lambdio_token" } else { "lambdio_token" }
}

/// The header value that makes a browser keep the token.
pub(super) fn keep(token: &str, lifetime: Duration, secure: bool) -> String {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    build(token, cookie::time::Duration::seconds(seconds), secure)
}

/// The header value that makes a browser forget the token.
pub(super) fn forget(secure: bool) -> String {
    build("", cookie::time::Duration::ZERO, secure)
}

fn build(value: &str, age: cookie::time::Duration, secure: bool) -> String {
    let cookie = Cookie::build((name(secure), value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .path("/")
        .max_age(age);
    cookie.build().to_string()
}

/// The token of a request. Of several cookies with our name the first counts.
pub(crate) fn presented(headers: &HeaderMap, cookie: &str) -> Option<String> {
    bearer(headers).or_else(|| {
        // another application's cookie may be no ASCII; ours is
        let values = headers.get_all(COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values
            .flat_map(|value| Cookie::split_parse(value.into_owned()))
            .filter_map(Result::ok)
            .find(|found| found.name() == cookie)
            .map(|found| found.value().to_owned())
    })
}

/// RFC 6750, section 2.1.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = keep("abc", Duration::from_secs(60), true);
        assert_eq!(cookie, "__Host-lambdio_token=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60");
        assert!(forget(false).starts_with("lambdio_token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"));
    }

    #[test]
    fn a_bearer_header_comes_before_the_cookie() {
        let mut headers = HeaderMap::new();
        assert_eq!(presented(&headers, "lambdio_token"), None);
        headers.insert(COOKIE, "other=1; lambdio_token=abc; lambdio_token=def".parse().unwrap());
        assert_eq!(presented(&headers, "lambdio_token").as_deref(), Some("abc"));
        headers.insert(COOKIE, http::HeaderValue::from_bytes(b"theme=\xfc; lambdio_token=abc").unwrap());
        assert_eq!(presented(&headers, "lambdio_token").as_deref(), Some("abc"));
        headers.insert(AUTHORIZATION, "bearer xyz".parse().unwrap());
        assert_eq!(presented(&headers, "lambdio_token").as_deref(), Some("xyz"));
    }
}
