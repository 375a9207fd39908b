//! The head of the request that opened a session.

use super::Link;
use crate::{
    log::{Ids, RequestId},
    traces::TraceContext,
};
use axum::extract::ConnectInfo;
use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use std::{net::SocketAddr, sync::Arc};

/// What is kept of the request that opened a session, in its extensions, for as long as the session.
///
/// A header map of a browser's request is 3 KB and read once, most often: the headers are packed, as they are on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Head(Arc<Packed>);

#[derive(Debug)]
struct Packed {
    /// `name:value`, each on a line: a name has no colon, a value no line feed (RFC 9110, sections 5.1 and 5.5).
    headers: Box<[u8]>,
    address: Option<SocketAddr>,
    ids: Option<Ids>,
    link: Arc<Link>,
}

impl Head {
    /// Of a request that came over `link`. Takes the client's address and the request's name out of its extensions.
    pub fn new(parts: &mut Parts, link: Arc<Link>) -> Self {
        let address = parts.extensions.remove::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let ids = parts.extensions.remove::<Ids>();
        Self(Arc::new(Packed { headers: packed(&parts.headers), address, ids, link }))
    }

    /// Of a request that Socket.IO keeps; `None` where it is kept as it was.
    pub fn of(parts: &Parts) -> Option<&Self> {
        parts.extensions.get()
    }

    /// All headers.
    pub fn headers(&self) -> HeaderMap {
        self.0.headers.split(|byte| *byte == b'\n').filter_map(header).collect()
    }

    /// Where the client is.
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.address
    }

    /// The name of the request, in the log and in its answer.
    pub fn request(&self) -> Option<&RequestId> {
        self.0.ids.as_ref().map(|ids| &ids.request)
    }

    /// What sent the request.
    pub fn parent(&self) -> Option<TraceContext> {
        self.0.ids.as_ref().and_then(|ids| ids.parent)
    }

    /// The connection it came over.
    pub fn link(&self) -> &Arc<Link> {
        &self.0.link
    }
}

fn packed(headers: &HeaderMap) -> Box<[u8]> {
    let length = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum();
    let mut packed = Vec::with_capacity(length);
    for (name, value) in headers {
        packed.extend_from_slice(name.as_str().as_bytes());
        packed.push(b':');
        packed.extend_from_slice(value.as_bytes());
        packed.push(b'\n');
    }
    packed.into()
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn nothing_of_the_head_is_lost() {
        let peer = SocketAddr::from(([192, 0, 2, 1], 7));
        let (mut parts, ()) = Request::get("/socket.io/?EIO=4")
            .header("host", "example.org:80")
            .header("x-forwarded-for", "192.0.2.1")
            .header("x-forwarded-for", "2001:db8::2")
            .header("x-bytes", HeaderValue::from_bytes(&[0xe4, b' ', b'x']).unwrap())
            .header("x-empty", "")
            .extension(ConnectInfo(peer))
            .body(())
            .unwrap()
            .into_parts();
        let head = Head::new(&mut parts, Arc::default());
        assert_eq!((head.headers(), head.address()), (parts.headers, Some(peer)));
        assert!(parts.extensions.is_empty());
    }
}
