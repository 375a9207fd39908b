//! Which web pages may talk to this server.
//!
//! Browsers name a page's origin (RFC 6454) in the header `Origin` where a page sends something, or reads from another
//! origin. No such header means no browser, or a page that reads from its own origin.

use super::purpose::Purpose;
use crate::{
    config::{Config, WebOrigin},
    error::{Code, Error},
};
use axum::extract::Request;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header::ORIGIN};
use std::net::SocketAddr;

/// How the site of the page and that of the server go together (Fetch Metadata). Browsers let no page write it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The pages that may talk to this server.
#[derive(Debug)]
pub(super) struct Origins(Vec<WebOrigin>);

/// The page that sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// The browser names none, or there is no browser.
    Unnamed,
    /// One that may talk to us, as the browser names it.
    Allowed(HeaderValue),
    /// Any other: `null`, what is no origin, and several at once.
    Foreign,
}

impl Origins {
    /// `server.public_urls` and `socketio.origins`; in development also the loopback on our own port.
    pub fn new(config: &Config, address: SocketAddr) -> Self {
        let settings = config.settings();
        let named = settings.server.public_urls.iter().chain(&settings.socketio.origins);
        let mut allowed: Vec<_> = named.filter_map(|url| WebOrigin::parse(url).ok()).collect();
        if config.profile().is_development() {
            let (scheme, port) = (settings.server.scheme(), address.port());
            let loopback = ["127.0.0.1", "localhost", "[::1]"];
            allowed.extend(loopback.map(|host| WebOrigin { scheme, host: host.to_owned(), port }));
        }
        Self(allowed)
    }

    /// The page that sends a request with these headers.
    pub fn page(&self, headers: &HeaderMap) -> Page {
        match only(headers, ORIGIN) {
            Ok(None) => Page::Unnamed,
            Ok(Some(origin)) if self.allow(origin) => Page::Allowed(origin.clone()),
            Ok(Some(_)) | Err(Several) => Page::Foreign,
        }
    }

    fn allow(&self, origin: &HeaderValue) -> bool {
        let origin = origin.to_str().ok().and_then(|origin| WebOrigin::parse(origin).ok());
        origin.is_some_and(|origin| self.0.contains(&origin))
    }
}

impl Page {
    /// Refuses what other sites may not do: anything with Socket.IO, and elsewhere what changes something.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn check(&self, request: &Request, purpose: Purpose) -> Result<(), Error> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if reads && purpose == Purpose::Route {
            return Ok(());
        }
        let problem = match self {
            Self::Allowed(_) => return Ok(()),
            Self::Unnamed if is_of_our_site(request.headers()) => return Ok(()),
            Self::Unnamed => {
                "pages of other sites may not do this: sec-fetch-site has to be same-origin or none, or the header \
                 origin has to name a page that may"
            }
            Self::Foreign => {
                "pages of this origin may not do this: neither server.public_urls nor socketio.origins names it"
            }
        };
        let origins: Vec<_> = request.headers().get_all(ORIGIN).iter().collect();
        Err(Error::new(Code::Forbidden).with_message(problem).with_cause(format!("origin: {origins:?}")))
    }
}

/// Whether the browser, if there is one, says that the user or a page of ours sends this.
fn is_of_our_site(headers: &HeaderMap) -> bool {
    match only(headers, SEC_FETCH_SITE) {
        Ok(site) => site.is_none_or(|site| site == "same-origin" || site == "none"),
        Err(Several) => false,
    }
}

/// A header that may stand in a request once stands there several times.
struct Several;

fn only(headers: &HeaderMap, name: HeaderName) -> Result<Option<&HeaderValue>, Several> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Several) } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;
    use axum::body::Body;

    fn origins() -> Origins {
        let overrides = vec![
            "server.public_urls=[\"https://docs.example.org\"]".to_owned(),
            "socketio.origins=[\"https://pages.example.net:8443\"]".to_owned(),
        ];
        let sources = Sources { dir: "/nonexistent".into(), overrides, ..Sources::default() };
        Origins::new(&Config::load(&sources).unwrap(), ([127, 0, 0, 1], 3000).into())
    }

    fn allowed(method: &str, path: &str, headers: &[(&str, &str)]) -> bool {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Body::empty()).unwrap();
        let purpose = Purpose::of(request.uri(), "/socket.io");
        origins().page(request.headers()).check(&request, purpose).is_ok()
    }

    #[test]
    fn scheme_host_and_port_have_to_be_ours() {
        for origin in [
            "https://docs.example.org",
            "https://DOCS.example.org:443",
            "https://pages.example.net:8443",
            "http://127.0.0.1:3000",
            "http://localhost:3000",
        ] {
            assert!(allowed("GET", "/socket.io/?EIO=4", &[("origin", origin)]), "{origin}");
            let page = [("origin", origin), ("sec-fetch-site", "cross-site")];
            assert!(allowed("POST", "/auth/login", &page), "{origin}");
        }
        for origin in [
            "",
            "null",
            "*",
            "x",
            "docs.example.org",
            "http://docs.example.org",
            "https://docs.example.org:8443",
            "https://docs.example.org.evil.com",
            "https://evil-docs.example.org",
            "https://docs.example.org@evil.com",
            "https://evil.com@docs.example.org",
            "https://docs.example.org/",
            "https://docs.example.org#",
            "https://docs.example.org.",
            "https://docs.example.org https://evil.com",
            "https://docs.example.org,https://evil.com",
            "https://pages.example.net",
            "https://example.org",
            "https://evil.com",
            "http://localhost:3001",
        ] {
            assert!(!allowed("GET", "/socket.io/?EIO=4", &[("origin", origin)]), "{origin}");
            assert!(!allowed("POST", "/auth/login", &[("origin", origin)]), "{origin}");
        }
    }

    #[test]
    fn several_origins_are_none() {
        let ours = ("origin", "https://docs.example.org");
        for other in [ours, ("origin", "https://evil.com"), ("origin", "")] {
            assert!(!allowed("POST", "/auth/login", &[ours, other]), "{other:?}");
            assert!(!allowed("GET", "/socket.io/?EIO=4", &[other, ours]), "{other:?}");
        }
    }

    #[test]
    fn no_browser_and_plain_reading_are_allowed() {
        assert!(allowed("GET", "/socket.io/?EIO=4", &[]));
        assert!(allowed("POST", "/auth/login", &[]));
        assert!(allowed("GET", "/", &[("origin", "https://evil.com"), ("sec-fetch-site", "cross-site")]));
        assert!(allowed("GET", "/socket.iox", &[("origin", "https://evil.com")]));
    }

    #[test]
    fn without_an_origin_the_site_has_to_be_ours() {
        for site in ["same-origin", "none"] {
            assert!(allowed("POST", "/auth/login", &[("sec-fetch-site", site)]), "{site}");
            assert!(allowed("GET", "/socket.io/?EIO=4", &[("sec-fetch-site", site)]), "{site}");
        }
        for site in ["cross-site", "same-site", "", "Same-Origin", "same-origin, cross-site"] {
            assert!(!allowed("POST", "/auth/login", &[("sec-fetch-site", site)]), "{site}");
            assert!(!allowed("GET", "/socket.io/?EIO=4", &[("sec-fetch-site", site)]), "{site}");
        }
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert!(!allowed("DELETE", "/documents/1", &twice));
    }
}
