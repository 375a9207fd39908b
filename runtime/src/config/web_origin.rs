//! Web origins: `scheme://host[:port]` (RFC 6454).

use std::net::Ipv6Addr;

/// An origin. Scheme, host and port tell two apart, and nothing else does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebOrigin {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// In lower case; an IPv6 address with its brackets.
    pub host: String,
    /// The scheme's own where none is named.
    pub port: u16,
}

impl WebOrigin {
    /// Reads an origin, and nothing that is more or less than one: no path, no user, no `null`.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that begins with the text.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, usual_port, rest) = if let Some(rest) = text.strip_prefix("https://") {
            ("https", 443, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            ("http", 80, rest)
        } else {
            return Err("must begin with http:// or https://");
        };
        if rest.contains(['/', '?', '#']) {
            return Err("must be scheme://host[:port], without a path or a slash at the end");
        }
        if rest.contains('@') {
            return Err("must not contain a user name");
        }
        let (host, port) = split_port(rest)?;
        let host = normal(host).ok_or("has no valid host name")?;
        let port = match port.map(digits) {
            None => usual_port,
            Some(Some(port @ 1..)) => port,
            Some(_) => return Err("has a port that is not between 1 and 65535"),
        };
        Ok(Self { scheme, host, port })
    }
}

/// Digits alone: `str::parse` takes a `+` as well.
fn digits(port: &str) -> Option<u16> {
    port.bytes().all(|byte| byte.is_ascii_digit()).then(|| port.parse().ok())?
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), &'static str> {
    if !authority.starts_with('[') {
        return Ok(match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        });
    }
    let end = authority.find(']').ok_or("has no ] after its IPv6 address")?;
    let (host, after) = authority.split_at(end + 1);
    if after.is_empty() {
        return Ok((host, None));
    }
    let port = after.strip_prefix(':').ok_or("has something other than a port after its address")?;
    Ok((host, Some(port)))
}

/// The host as all spellings of it have it in common; `None` where it is none.
fn normal(host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let is_name = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    is_name.then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::WebOrigin;

    #[test]
    fn scheme_host_and_port_make_an_origin() {
        for origin in
            ["https://example.org", "http://localhost:3000", "http://[::1]:8080", "https://[::1]", "http://a_b.c-d"]
        {
            assert!(WebOrigin::parse(origin).is_ok(), "{origin}");
        }
    }

    #[test]
    fn anything_more_or_less_is_refused() {
        for origin in [
            "example.org",
            "ftp://example.org",
            "https://",
            "https://example.org/",
            "https://example.org/app",
            "https://user@example.org",
            "https://example.org:",
            "https://example.org:0",
            "https://example.org:70000",
            "https://example.org:+443",
            "HTTPS://example.org",
            " https://example.org",
            "https://example.org https://example.net",
            "https://*.example.org",
            "https://[::1",
            "https://[::1]x",
            "*",
            "null",
        ] {
            assert!(WebOrigin::parse(origin).is_err(), "{origin}");
        }
    }

    #[test]
    fn case_and_the_usual_port_make_no_difference() {
        let parse = |origin| WebOrigin::parse(origin).unwrap();
        assert_eq!(parse("https://EXAMPLE.org:443"), parse("https://example.org"));
        assert_eq!(parse("http://[0:0:0:0:0:0:0:1]:80"), parse("http://[::1]"));
        for other in ["http://example.org", "https://example.org:80", "https://www.example.org", "https://example.org."]
        {
            assert_ne!(parse(other), parse("https://example.org"), "{other}");
        }
    }
}
