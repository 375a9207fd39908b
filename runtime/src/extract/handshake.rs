//! The request that began it all.

use super::Extract;
use crate::{
    context::{ConnectContext, HasHandshake},
    error::Error,
    transport::Head,
    wire::{Payload, inbound::Misfit},
};
use axum::extract::ConnectInfo;
use http::{HeaderMap, Uri, request::Parts};
use std::net::SocketAddr;

/// Headers, query and address of the request that opened the connection, or of the route's request.
///
/// A Socket.IO client that began with polling keeps its first request's. Cookies and tokens are in the headers: take
/// care where you log them.
#[derive(Debug, Clone)]
pub struct Handshake {
    headers: HeaderMap,
    uri: Uri,
    address: Option<SocketAddr>,
}

impl Handshake {
    pub(crate) fn from_parts(parts: &Parts) -> Self {
        let (headers, address) = match Head::of(parts) {
            Some(head) => (head.headers(), head.address()),
            None => {
                let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
                (parts.headers.clone(), address.map(|info| info.0))
            }
        };
        Self { headers, uri: parts.uri.clone(), address }
    }

    /// The request's headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Path and query of the request.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The client's address. Behind a proxy it is the proxy's, unless `server.trusted_proxies` has that: then it is the one
    /// the proxy names, and the port is 0 where it names none.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }
}

impl<C: HasHandshake> Extract<C> for Handshake {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.handshake()
    }
}

/// The query of the request, decoded: `?room=lobby`.
///
/// On a Socket.IO connection it has the client's `query` option beside `EIO`, `transport` and the like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HandshakeQuery<T>(pub T);

impl<C: HasHandshake, T: Payload> Extract<C> for HandshakeQuery<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        match axum::extract::Query::<T>::try_from_uri(cx.handshake()?.uri()) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Misfit::of("query", &rejection.body_text()).into()),
        }
    }
}

/// What the client gave as `auth` when it connected, decoded; nothing given is the empty object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HandshakeAuth<T>(pub T);

impl<T: Payload> Extract<ConnectContext> for HandshakeAuth<T> {
    type Rejection = Error;

    async fn extract(cx: &mut ConnectContext) -> Result<Self, Error> {
        cx.auth().map(Self)
    }
}
