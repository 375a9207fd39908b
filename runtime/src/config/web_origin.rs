//! Web origins: `scheme://host[:port]` (RFC 6454).

use std::net::Ipv6Addr;

/// Says what is wrong with an origin, if anything is.
pub(super) fn check(origin: &str) -> Result<(), &'static str> {
    let rest = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))
        .ok_or("must begin with http:// or https://")?;
    if rest.contains(['/', '?', '#']) {
        return Err("must be scheme://host[:port], without a path or a slash at the end");
    }
    if rest.contains('@') {
        return Err("must not contain a user name");
    }
    let (host, port) = split_port(rest)?;
    if !is_host(host) {
        return Err("has no valid host name");
    }
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => Ok(()),
        Some(_) => Err("has a port that is not between 1 and 65535"),
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), &'static str> {
    if !authority.starts_with('[') {
        return Ok(match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        });
    }
    let (host, after) = authority.split_once(']').ok_or("has no ] after its IPv6 address")?;
    if after.is_empty() {
        return Ok((host, None));
    }
    let port = after.strip_prefix(':').ok_or("has something other than a port after its address")?;
    Ok((host, Some(port)))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn scheme_host_and_port_make_an_origin() {
        for origin in
            ["https://example.org", "http://localhost:3000", "http://[::1]:8080", "https://[::1]", "http://a_b.c-d"]
        {
            assert_eq!(check(origin), Ok(()), "{origin}");
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
            "https://*.example.org",
            "https://[::1",
            "https://[::1]x",
            "*",
            "null",
        ] {
            assert!(check(origin).is_err(), "{origin}");
        }
    }
}
