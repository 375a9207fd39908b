//! Requests that hold on to nothing.

use crate::transport::{Head, Link};
use axum::{
    body::Body,
    http::{HeaderValue, Request, Uri, header::SEC_WEBSOCKET_KEY},
};
use std::sync::Arc;

/// Copies the head of a request that opens a session, for Socket.IO to keep as long as the session.
///
/// Path, query and headers are slices of the buffer that the connection reads into, 7 KB, and a browser's headers in a map
/// are 3 KB more. So the URI is copied, the headers are packed, and the one header that Socket.IO reads itself stays.
pub(super) fn detach(request: Request<Body>, link: Arc<Link>) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    let head = Head::new(&mut parts, link);
    parts.extensions.insert(head);
    let key = parts.headers.get(SEC_WEBSOCKET_KEY).and_then(|key| HeaderValue::from_bytes(key.as_bytes()).ok());
    parts.headers = key.into_iter().map(|key| (SEC_WEBSOCKET_KEY, key)).collect();
    parts.uri = copied(&parts.uri);
    Request::from_parts(parts, body)
}

fn copied(uri: &Uri) -> Uri {
    // what was a URI once is one again
    uri.to_string().parse().unwrap_or_else(|_| uri.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_copied_as_it_is() {
        for uri in ["/socket.io/?EIO=4&transport=websocket&name=%C3%A4", "http://example.org/socket.io/?x"] {
            let uri: Uri = uri.parse().unwrap();
            assert_eq!(copied(&uri), uri);
        }
    }
}
