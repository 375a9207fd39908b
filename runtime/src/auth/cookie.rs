//! Where a browser keeps its tokens.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, header::COOKIE};
use std::time::{Duration, SystemTime};

/// Our cookies. Their names tell whether browsers reach us over https: then the name itself says that the cookie is ours
/// alone (`__Host-`, RFC 6265bis, section 4.1.3.2), else another program on the machine may have set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cookies {
    secure: bool,
}

/// There are two cookies of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two cookies have the same name, and only one of them can be ours")]
pub(crate) struct Ambiguous;

impl Cookies {
    pub const fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The name of the access token's.
    pub const fn access(self) -> &'static str {
        if self.secure { "__Host-lambdio_token" } else { "lambdio_token" }
    }

    /// The name of the refresh token's.
    pub const fn refresh(self) -> &'static str {
        if self.secure { "__Host-lambdio_refresh" } else { "lambdio_refresh" }
    }

    /// The headers that make a browser keep both tokens, each as long as it is good for something.
    pub fn keep(self, access: &str, lifetime: Duration, refresh: &str, until: SystemTime) -> [String; 2] {
        let refreshable = until.duration_since(SystemTime::now()).unwrap_or_default();
        [
            self.build(self.access(), access, lifetime, SameSite::Lax),
            self.build(self.refresh(), refresh, refreshable, SameSite::Strict),
        ]
    }

    /// The headers that make a browser forget both tokens.
    pub fn forget(self) -> [String; 2] {
        [
            self.build(self.access(), "", Duration::ZERO, SameSite::Lax),
            self.build(self.refresh(), "", Duration::ZERO, SameSite::Strict),
        ]
    }

    fn build(self, name: &'static str, value: &str, age: Duration, same_site: SameSite) -> String {
        let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let cookie = Cookie::build((name, value))
            .http_only(true)
            .same_site(same_site)
            .secure(self.secure)
            .path("/")
            .max_age(cookie::time::Duration::seconds(seconds));
        cookie.build().to_string()
    }
}

/// The value of a cookie of this name, if there is one.
pub(crate) fn find(headers: &HeaderMap, name: &str) -> Result<Option<String>, Ambiguous> {
    // another application's cookie may be no ASCII; ours is
    let values = headers.get_all(COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut found = values
        .flat_map(|value| Cookie::split_parse(value.into_owned()))
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned());
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Ambiguous),
        (found, None) => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        let until = SystemTime::now() + Duration::from_millis(100_900);
        let [access, refresh] = Cookies::new(true).keep("abc", Duration::from_secs(60), "def", until);
        assert_eq!(access, "__Host-lambdio_token=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60");
        assert_eq!(refresh, "__Host-lambdio_refresh=def; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=100");
        let [access, refresh] = Cookies::new(false).forget();
        assert_eq!(access, "lambdio_token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
        assert_eq!(refresh, "lambdio_refresh=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    }

    #[test]
    fn a_cookie_is_found_among_others_and_has_to_be_alone() {
        let mut headers = HeaderMap::new();
        assert_eq!(find(&headers, "ours"), Ok(None));
        headers.insert(COOKIE, http::HeaderValue::from_bytes(b"theme=\xfc; ours=abc; ours_too=x").unwrap());
        assert_eq!(find(&headers, "ours").unwrap().as_deref(), Some("abc"));
        headers.append(COOKIE, "ours=abc".parse().unwrap());
        assert_eq!(find(&headers, "ours"), Err(Ambiguous), "also in a second header");
    }
}
