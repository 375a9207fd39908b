//! Which web pages may talk to this server.
//!
//! Browsers name the page's origin (RFC 6454) in the header `Origin`. No such header means no browser, and is allowed.

use crate::{
    config::Config,
    error::{Code, Error},
};
use axum::extract::Request;
use http::{Method, Uri, header::ORIGIN};
use std::net::SocketAddr;

/// The pages that may talk to this server.
#[derive(Debug)]
pub(super) struct Origins {
    allowed: Vec<Origin>,
    /// Where Socket.IO is served: there every request counts, elsewhere those that change something.
    socketio: String,
}

/// Scheme, host and port. All three have to be equal.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origins {
    /// `server.public_urls` and `socketio.origins`; in development also the loopback on our own port.
    pub fn new(config: &Config, address: SocketAddr) -> Self {
        let settings = config.settings();
        let mut allowed: Vec<Origin> = settings
            .server
            .public_urls
            .iter()
            .chain(&settings.socketio.origins)
            .filter_map(|url| Origin::parse(url))
            .collect();
        if config.profile().is_development() {
            let port = address.port();
            let scheme = settings.server.scheme();
            let loopback = ["127.0.0.1", "localhost", "[::1]"];
            allowed.extend(loopback.map(|host| Origin { scheme: scheme.to_owned(), host: host.to_owned(), port }));
        }
        Self { allowed, socketio: settings.socketio.path.clone() }
    }

    /// Refuses a request of a page that is not allowed.
    pub fn check(&self, request: &Request) -> Result<(), Error> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if reads && !request.uri().path().starts_with(&self.socketio) {
            return Ok(());
        }
        let mut origins = request.headers().get_all(ORIGIN).iter();
        let allowed = origins.all(|value| {
            let origin = value.to_str().ok().and_then(Origin::parse);
            origin.is_some_and(|origin| self.allowed.contains(&origin))
        });
        if allowed {
            return Ok(());
        }
        let problem = "pages of this origin may not connect: the server's public_urls and origins do not name it";
        Err(Error::new(Code::Forbidden).with_message(problem))
    }
}

impl Origin {
    /// `None` for what is no origin, such as `null`.
    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let port = match (uri.port_u16(), scheme.as_str()) {
            (Some(port), _) => port,
            (None, "https") => 443,
            (None, "http") => 80,
            (None, _) => return None,
        };
        Some(Self { scheme, host: uri.host()?.to_ascii_lowercase(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;
    use axum::body::Body;

    fn origins() -> Origins {
        let overrides = vec!["server.public_urls=[\"https://docs.example.org\"]".to_owned()];
        let sources = Sources { dir: "/nonexistent".into(), overrides, ..Sources::default() };
        Origins::new(&Config::load(&sources).unwrap(), ([127, 0, 0, 1], 3000).into())
    }

    fn allowed(method: &str, path: &str, origin: Option<&str>) -> bool {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        origins().check(&request.body(Body::empty()).unwrap()).is_ok()
    }

    #[test]
    fn scheme_host_and_port_have_to_be_ours() {
        for origin in [
            "https://docs.example.org",
            "https://DOCS.example.org:443",
            "http://127.0.0.1:3000",
            "http://localhost:3000",
        ] {
            assert!(allowed("GET", "/socket.io/?EIO=4", Some(origin)), "{origin}");
        }
        for origin in [
            "null",
            "http://docs.example.org",
            "https://docs.example.org:8443",
            "https://docs.example.org.evil.com",
            "https://evil.com",
            "http://localhost:3001",
            "x",
        ] {
            assert!(!allowed("GET", "/socket.io/?EIO=4", Some(origin)), "{origin}");
            assert!(!allowed("POST", "/auth/login", Some(origin)), "{origin}");
        }
    }

    #[test]
    fn no_browser_and_plain_reading_are_allowed() {
        assert!(allowed("GET", "/socket.io/?EIO=4", None));
        assert!(allowed("POST", "/auth/login", None));
        assert!(allowed("GET", "/", Some("https://evil.com")));
    }
}
