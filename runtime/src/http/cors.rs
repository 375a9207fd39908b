//! What a browser has to be told so that it lets a page of another origin talk to us (Fetch, section 3.3, "CORS protocol").
//!
//! Pages that may talk to this server hear so, with credentials and by their own name; others hear nothing at all. That is
//! why this is no `CorsLayer` of tower-http: that one answers every OPTIONS request, and tells methods, headers and
//! credentials to pages that it does not allow.

use super::origin::Page;
use axum::{body::Body, extract::Request, response::Response};
use http::{
    HeaderValue, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, VARY,
    },
};

/// What routes and Socket.IO take. GET, HEAD and POST need no mention, and have it for who reads along.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// What a page may read of our answers beyond what every page may.
const EXPOSED: HeaderValue = HeaderValue::from_static("retry-after, www-authenticate, x-request-id");
/// Seconds for which a browser need not ask again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Answers a browser that asks whether an allowed page may send what it is about to send.
pub(super) fn preflight(request: &Request, page: &Page) -> Option<Response> {
    let headers = request.headers();
    let asks = request.method() == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || !matches!(page, Page::Allowed(_)) {
        return None;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let answer = response.headers_mut();
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    // whatever the page likes: `*` would mean no header where there are credentials
    if let Some(wanted) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    answer.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    answer.insert(VARY, HeaderValue::from_static("access-control-request-headers"));
    mark(&mut response, page);
    Some(response)
}

/// Tells the browser that this page may read the answer; and every cache that another page may not.
pub(super) fn mark(response: &mut Response, page: &Page) {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return; // a websocket is no matter of CORS
    }
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Page::Allowed(origin) = page {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.entry(ACCESS_CONTROL_EXPOSE_HEADERS).or_insert(EXPOSED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: HeaderValue = HeaderValue::from_static("https://pages.example.net");

    fn asking(method: &str) -> Request {
        Request::builder()
            .method(method)
            .uri("/documents/1")
            .header(ACCESS_CONTROL_REQUEST_METHOD, "PUT")
            .header(ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-own")
            .body(Body::empty())
            .unwrap()
    }

    #[test]
    fn an_allowed_page_may_send_what_it_asks_for() {
        let answer = preflight(&asking("OPTIONS"), &Page::Allowed(PAGE)).unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], PAGE);
        assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
        assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_HEADERS], "content-type,x-own");
        let varies: Vec<_> = answer.headers().get_all(VARY).iter().collect();
        assert_eq!(varies, ["access-control-request-headers", "origin"]);
    }

    #[test]
    fn others_are_not_answered_here() {
        assert!(preflight(&asking("OPTIONS"), &Page::Foreign).is_none());
        assert!(preflight(&asking("OPTIONS"), &Page::Unnamed).is_none());
        assert!(preflight(&asking("PUT"), &Page::Allowed(PAGE)).is_none());
        let plain = Request::options("/documents/1").body(Body::empty()).unwrap();
        assert!(preflight(&plain, &Page::Allowed(PAGE)).is_none());
    }

    #[test]
    fn pages_that_are_not_allowed_hear_nothing() {
        for page in [Page::Foreign, Page::Unnamed] {
            let mut response = Response::default();
            mark(&mut response, &page);
            assert_eq!(response.headers().len(), 1, "{page:?}");
            assert_eq!(response.headers()[VARY], "origin", "a cache may not give it to another page");
        }
    }

    #[test]
    fn what_a_route_exposes_stays() {
        let mut response =
            Response::builder().header(ACCESS_CONTROL_EXPOSE_HEADERS, "etag").body(Body::empty()).unwrap();
        mark(&mut response, &Page::Allowed(PAGE));
        assert_eq!(response.headers()[ACCESS_CONTROL_EXPOSE_HEADERS], "etag");
    }
}
