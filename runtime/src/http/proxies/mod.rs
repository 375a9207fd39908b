//! Who is behind a proxy: `X-Forwarded-For`, or `Forwarded` (RFC 7239).
//!
//! Anybody can send these headers, so they count only where the peer is a proxy that we trust. Each proxy appends whom
//! it saw, so the address that counts is the last one that is not a trusted proxy's: what stands before it, the client
//! may have invented.

mod forwarded;

use crate::{
    config::{Server, parse_network},
    log::Ids,
};
use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Whose word counts: `server.trusted_proxies`.
#[derive(Debug, Clone)]
pub(super) struct TrustedProxies(Vec<IpNet>);

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The peer: no trusted proxy, or one that speaks for itself.
    Peer,
    /// Whom a trusted proxy named; port 0 where it named none.
    Client(SocketAddr),
    /// A trusted proxy named somebody, but it is not clear whom.
    Unclear,
}

impl TrustedProxies {
    pub fn new(server: &Server) -> Self {
        Self(server.trusted_proxies.iter().filter_map(|network| parse_network(network).ok()).collect())
    }

    /// Whether this is a proxy that we trust.
    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The names of a request with these headers over a connection of `peer`: those that a trusted proxy gave count.
    pub fn name(&self, headers: &HeaderMap, peer: SocketAddr) -> Ids {
        Ids::new(headers, self.trust(peer.ip()))
    }

    /// Who sends a request with these headers over a connection of `peer`.
    pub fn origin(&self, peer: SocketAddr, headers: &HeaderMap) -> Origin {
        if !self.trust(peer.ip()) {
            return Origin::Peer;
        }
        let named = self.last_untrusted(list(headers, X_FORWARDED_FOR, |line| line.split(',').map(Some)));
        let described = self.last_untrusted(list(headers, http::header::FORWARDED.as_str(), forwarded::clients));
        match (named, described) {
            (Named::Nobody, Named::Nobody) => Origin::Peer,
            (Named::One(client), Named::Nobody) | (Named::Nobody, Named::One(client)) => Origin::Client(client),
            // a proxy writes one of the two and may let the other one pass, as the client wrote it
            (Named::One(client), Named::One(other)) if client.ip() == other.ip() => Origin::Client(client),
            _ => Origin::Unclear,
        }
    }

    /// The last one that is no trusted proxy; where all are, the first.
    fn last_untrusted<'a>(&self, addresses: impl DoubleEndedIterator<Item = Option<&'a str>>) -> Named {
        let mut found = Named::Nobody;
        for text in addresses.rev() {
            match text.and_then(parse) {
                None => return Named::Unclear,
                Some(address) if self.trust(address.ip()) => found = Named::One(address),
                Some(address) => return Named::One(address),
            }
        }
        found
    }
}

/// Whom a header names.
enum Named {
    Nobody,
    One(SocketAddr),
    Unclear,
}

/// All entries of a header, which may have several lines. A line that is no text is an entry that cannot be read.
fn list<'a, I>(
    headers: &'a HeaderMap,
    name: &str,
    split: impl Fn(&'a str) -> I,
) -> impl DoubleEndedIterator<Item = Option<&'a str>>
where
    I: DoubleEndedIterator<Item = Option<&'a str>>,
{
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(move |line| {
        let entries = line.to_str().ok().map(&split);
        let unreadable = if entries.is_none() { Some(None) } else { None };
        entries.into_iter().flatten().chain(unreadable)
    })
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn parse(text: &str) -> Option<SocketAddr> {
    let text = text.trim_matches([' ', '\t']);
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = match bare.parse::<IpAddr>() {
        Ok(address) => SocketAddr::new(address, 0),
        Err(_) => text.parse().ok()?,
    };
    Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
}

#[cfg(test)]
mod tests;
