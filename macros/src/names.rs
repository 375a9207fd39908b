//! Which namespaces, events, paths and codes are possible.

use proc_macro2::Span;
use syn::{Error, LitStr};

/// Names that Socket.IO keeps for itself, and ours.
/// See <https://socket.io/docs/v4/emit-cheatsheet/#reserved-events>.
const RESERVED_EVENTS: [&str; 7] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "exception"];

/// A namespace: begins with `/`, and has nothing that ends it inside a packet.
pub fn check_namespace(namespace: &LitStr) -> Result<(), Error> {
    let text = namespace.value();
    let problem = if !text.starts_with('/') {
        let trimmed = text.trim_start_matches('/');
        format!("a namespace begins with `/`: write \"/{trimmed}\"")
    } else if text.len() > 1 && text.ends_with('/') {
        format!("a namespace does not end with `/`: write {:?}", text.trim_end_matches('/'))
    } else if text.chars().any(|c| c == ',' || c == '?' || c == '"' || c == '\\' || c.is_whitespace() || c.is_control())
    {
        "a namespace has no comma, question mark, quote, backslash or space: they end it inside a packet".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(namespace.span(), problem))
}

/// An event's name: none that Socket.IO keeps for itself, and nothing that needs an escape in JSON.
pub fn check_event(event: &LitStr) -> Result<(), Error> {
    let text = event.value();
    let problem = if text.is_empty() {
        "an event has a name".to_owned()
    } else if RESERVED_EVENTS.contains(&text.as_str()) {
        let attribute = match text.as_str() {
            "connect" => ": to run when a client has entered, write #[connect]",
            "disconnect" | "disconnecting" => ": to run when a client has left, write #[disconnect]",
            "exception" => ": the runtime sends errors under this name",
            _ => "",
        };
        format!("the event name {text:?} is reserved{attribute}")
    } else if text.chars().any(|c| c == '"' || c == '\\' || c.is_control()) {
        "an event's name has no quote, backslash or control character: clients could not send it".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(event.span(), problem))
}

/// A route's path, in axum's syntax: `/documents/{id}`.
pub fn check_path(path: &LitStr) -> Result<(), Error> {
    let text = path.value();
    let problem = if !text.starts_with('/') {
        format!("a path begins with `/`: write \"/{text}\"")
    } else if let Some(part) = text.split('/').find(|part| part.starts_with(':') || part.starts_with('*')) {
        format!("a parameter is written `{{{}}}`", part.trim_start_matches([':', '*']))
    } else if text.split('/').any(|part| part.contains(['{', '}']) && !is_parameter(part)) {
        "a parameter is a whole part of the path: `/documents/{id}`".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(path.span(), problem))
}

fn is_parameter(part: &str) -> bool {
    part.strip_prefix('{')
        .and_then(|part| part.strip_suffix('}'))
        .map(|name| name.strip_prefix('*').unwrap_or(name))
        .is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// A deadline in human form, in milliseconds.
pub fn check_timeout(timeout: &LitStr) -> Result<u64, Error> {
    let problem = match humantime::parse_duration(&timeout.value()) {
        Ok(time) if time.is_zero() => "a deadline is longer than zero".to_owned(),
        Ok(time) => {
            return u64::try_from(time.as_millis())
                .map_err(|_| Error::new(timeout.span(), "this deadline is too long"));
        }
        Err(error) => format!("a deadline reads like \"2s\" or \"500ms\": {error}"),
    };
    Err(Error::new(timeout.span(), problem))
}

/// An error's code.
pub fn check_code(code: &LitStr) -> Result<(), Error> {
    let text = code.value();
    let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits { Ok(()) } else { Err(Error::new(code.span(), "a code is lower case, digits and `_`: \"stale_revision\"")) }
}

/// An error's HTTP status.
pub fn check_status(status: u16, span: Span) -> Result<(), Error> {
    if (400..600).contains(&status) { Ok(()) } else { Err(Error::new(span, "an error's HTTP status is 400 to 599")) }
}
