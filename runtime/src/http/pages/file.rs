//! A file as an answer.

use axum::{body::Body, response::Response};
use http::{
    Extensions, HeaderMap, HeaderValue, Request, StatusCode, Version,
    header::{ACCEPT_RANGES, CONTENT_TYPE, ETAG, LAST_MODIFIED},
};
use std::{io, path::Path};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{Predicate, SizeAbove},
    },
    services::ServeFile,
};

/// What is smaller fits into one packet as it is.
const WORTH_COMPRESSING: u64 = 1024;

/// The file as these headers of a request want it: all or a part of it, compressed or not, or only that it is the same still.
///
/// It is read while it is sent, a piece at a time.
///
/// # Errors
/// It cannot be opened.
pub(super) async fn answer(path: &Path, headers: &HeaderMap) -> io::Result<Response> {
    // who asks for the head alone gets the head that goes with all of it; the body is left out further up
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers.clone();
    let read = service_fn(async |request: Request<Body>| {
        let mut response = ServeFile::new(path).try_call(request).await?;
        name_charset(response.headers_mut());
        Ok::<_, io::Error>(response)
    });
    // it is compressed anew for everybody: the fastest way takes a third of the time, and makes it a tenth larger
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(WORTH_COMPRESSING).and(is_text));
    let mut response = compression.layer(read).oneshot(request).await?.map(Body::new);
    weaken_version(response.headers_mut());
    Ok(response)
}

/// Removes what a client could ask with later, whether it is the same still.
pub(super) fn forget_version(response: &mut Response) {
    for name in [ETAG, LAST_MODIFIED, ACCEPT_RANGES] {
        response.headers_mut().remove(name);
    }
}

/// Text is UTF-8.
fn name_charset(headers: &mut HeaderMap) {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else { return };
    if (kind.starts_with("text/") || kind.ends_with("/javascript"))
        && !kind.contains(';')
        && let Ok(named) = HeaderValue::from_str(&format!("{kind}; charset=utf-8"))
    {
        headers.insert(CONTENT_TYPE, named);
    }
}

/// Compressed and not, it is the same to people and another one byte by byte: what RFC 9110, section 8.8.1, calls weak.
fn weaken_version(headers: &mut HeaderMap) {
    let Some(version) = headers.get(ETAG).and_then(|version| version.to_str().ok()) else { return };
    if !version.starts_with("W/")
        && let Ok(weak) = HeaderValue::from_str(&format!("W/{version}"))
    {
        headers.insert(ETAG, weak);
    }
}

/// What gets much smaller. Pictures, fonts and archives are compressed already.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.starts_with("text/")
        || ["+json", "+xml", "/json", "/xml", "/javascript", "/wasm"].iter().any(|ending| kind.ends_with(ending))
}
