//! Requests that hold on to nothing.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Request, Uri},
};

/// Copies the head of a request.
///
/// Path, query and headers are slices of the buffer that the connection reads into, 7 KB. Socket.IO keeps the head of the
/// request that opened a session, and with it the whole buffer, for as long as the session.
pub(super) fn detach(request: Request<Body>) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    parts.uri = copied_uri(&parts.uri);
    parts.headers = copied_headers(&parts.headers);
    Request::from_parts(parts, body)
}

fn copied_uri(uri: &Uri) -> Uri {
    // what was a URI once is one again
    uri.to_string().parse().unwrap_or_else(|_| uri.clone())
}

fn copied_headers(headers: &HeaderMap) -> HeaderMap {
    let mut copies = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let copy = (HeaderName::from_bytes(name.as_str().as_bytes()), HeaderValue::from_bytes(value.as_bytes()));
        if let (Ok(name), Ok(mut copy)) = copy {
            copy.set_sensitive(value.is_sensitive());
            copies.append(name, copy);
        }
    }
    copies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost() {
        let request = Request::get("/socket.io/?EIO=4&transport=websocket&name=%C3%A4")
            .header("host", "example.org")
            .header("x-forwarded-for", "192.0.2.1")
            .header("x-forwarded-for", "192.0.2.2")
            .header("x-bytes", HeaderValue::from_bytes(&[0xe4, b' ', b'x']).unwrap())
            .body(Body::empty())
            .unwrap();
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        let copy = detach(request);
        assert_eq!((copy.uri(), copy.headers()), (&uri, &headers));
        let uri: Uri = "http://example.org/socket.io/?x".parse().unwrap();
        assert_eq!(copied_uri(&uri), uri);
    }
}
