//! How programs write text.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use std::{collections::BTreeSet, fmt::Write as _};

/// Characters of a secret that are searched for.
const BEGINNING: usize = 128;

/// What RFC 3986 leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As it is; escaped as in JSON, as in JSON inside of JSON, and as Rust's `{:?}` does it; in a URL; in hexadecimal digits;
/// as a list of bytes; inside of base64.
///
/// Of a long secret, its beginning: that is told with the rest of it, and is found as surely.
pub(super) fn of(secret: &str) -> BTreeSet<String> {
    let secret = secret.char_indices().nth(BEGINNING).map_or(secret, |(end, _)| &secret[..end]);
    let mut hex = String::new();
    for byte in secret.bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    let bytes = format!("{:?}", secret.as_bytes());
    let in_json = |text: &str| inside(&json!(text).to_string());
    let mut forms = BTreeSet::from([
        secret.to_owned(),
        in_json(secret),
        in_json(&in_json(secret)),
        inside(&format!("{secret:?}")),
        utf8_percent_encode(secret, UNRESERVED).to_string(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        hex,
        inside(&bytes),
    ]);
    forms.extend((0..3).flat_map(|offset| base64(secret, offset)));
    forms
}

/// Without the quotes or brackets around it.
fn inside(text: &str) -> String {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// As base64 has it with `offset` bytes before it: without the digits in which its neighbours have a part.
fn base64(secret: &str, offset: usize) -> [String; 2] {
    let bytes = [&[0; 3][..offset], secret.as_bytes()].concat();
    let first = (offset * 8).div_ceil(6);
    let end = bytes.len() * 8 / 6;
    [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD]
        .map(|engine| engine.encode(&bytes).get(first..end).unwrap_or_default().to_owned())
}
