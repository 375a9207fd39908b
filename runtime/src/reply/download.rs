//! Files.

use super::Respond;
use crate::{context::HttpContext, error::Error};
use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use std::fmt::Write;

/// A file that browsers save, and neither show nor keep for the next time.
///
/// ```
/// use lambdio::{Download, prelude::*};
///
/// #[route(get = "/report")]
/// async fn report() -> Download {
///     Download::text("Bericht für März.txt", "all is well")
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Download {
    name: String,
    kind: String,
    content: Bytes,
}

impl Download {
    /// A file of this media type. Only the last part of the name counts, and no more than 120 characters of it.
    pub fn new(name: impl Into<String>, kind: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), kind: kind.into(), content: content.into() }
    }

    /// A text, in UTF-8.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(name, "text/plain; charset=utf-8", text.into())
    }
}

impl Respond<HttpContext> for Download {
    fn respond(self, _: &mut HttpContext) -> Result<Response, Error> {
        let Self { name, kind, content } = self;
        let headers = [
            (CONTENT_TYPE, HeaderValue::try_from(kind)?),
            (CONTENT_DISPOSITION, HeaderValue::try_from(disposition(&name))?),
            // who may have it now may not have it later
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((headers, content).into_response())
    }
}

/// Longest name, in characters.
const LONGEST: usize = 120;

/// The header for this name (RFC 6266; RFC 8187, section 3.2).
fn disposition(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut header = "attachment; filename*=UTF-8''".to_owned();
    for byte in last.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>().bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => header.push(byte.into()),
            // writing to a string does not fail
            _ => drop(write!(header, "%{byte:02X}")),
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_in_any_script_and_is_never_a_path() {
        assert_eq!(disposition("Notes.txt"), "attachment; filename*=UTF-8''Notes.txt");
        assert_eq!(disposition("März 1.txt"), "attachment; filename*=UTF-8''M%C3%A4rz%201.txt");
        assert_eq!(disposition("../../etc/\"pass\r\nwd"), "attachment; filename*=UTF-8''%22passwd");
    }
}
