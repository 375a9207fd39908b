//! Which namespaces, events, paths and codes are possible.

use proc_macro2::Span;
use syn::{Error, LitStr};

/// Names that Socket.IO keeps for itself, and ours.
/// See <https://socket.io/docs/v4/emit-cheatsheet/#reserved-events>.
const RESERVED_EVENTS: [&str; 7] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "exception"];

/// A namespace: begins with `/`, and has nothing that ends it inside a packet.
pub(crate) fn check_namespace(namespace: &LitStr) -> Result<(), Error> {
    let text = namespace.value();
    let ends_it = |c: char| matches!(c, ',' | '?' | '"' | '\\') || c.is_whitespace() || c.is_control();
    let problem = if !text.starts_with('/') {
        format!("a namespace begins with `/`: write \"/{text}\"")
    } else if text.len() > 1 && text.ends_with('/') {
        format!("a namespace does not end with `/`: write \"/{}\"", text.trim_matches('/'))
    } else if text.contains(ends_it) {
        "a namespace has no comma, question mark, quote, backslash or space: they end it inside a packet".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(namespace.span(), problem))
}

/// An event's name: none that Socket.IO keeps for itself, and nothing that needs an escape in JSON.
pub(crate) fn check_event(event: &LitStr) -> Result<(), Error> {
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
    } else if text == "*" {
        "the event name \"*\" is reserved: to serve every event that has no handler of its own, write \
         #[handler(any)]"
            .to_owned()
    } else if text.chars().any(|c| c == '"' || c == '\\' || c.is_control()) {
        "an event's name has no quote, backslash or control character: clients could not send it".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(event.span(), problem))
}

/// A route's path, in axum's syntax: `/documents/{id}`.
pub(crate) fn check_path(path: &LitStr) -> Result<(), Error> {
    let text = path.value();
    let parts: Vec<_> = text.split('/').collect();
    let names: Vec<_> = parts.iter().filter_map(|part| parameter(part)).collect();
    let problem = if !text.starts_with('/') {
        format!("a path begins with `/`: write \"/{text}\"")
    } else if text.contains(|c: char| matches!(c, '?' | '#') || c.is_whitespace() || c.is_control()) {
        "a path has no query, fragment or space".to_owned()
    } else if let Some(part) = parts.iter().find(|part| part.starts_with([':', '*'])) {
        let name = part.trim_start_matches([':', '*']);
        let star = if part.starts_with('*') { "*" } else { "" };
        format!("a parameter is written `{{{star}{name}}}`")
    } else if parts.iter().any(|part| part.contains(['{', '}']) && parameter(part).is_none()) {
        "a parameter is a whole part of the path: `/documents/{id}`".to_owned()
    } else if parts.iter().rev().skip(1).any(|part| part.starts_with("{*")) {
        "a parameter that takes the rest of the path comes last".to_owned()
    } else if let Some((_, name)) =
        names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|n| n == *name))
    {
        format!("two parameters are called `{name}`")
    } else {
        return Ok(());
    };
    Err(Error::new(path.span(), problem))
}

/// The name in `{name}` or `{*name}`.
fn parameter(part: &str) -> Option<&str> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    let name = name.strip_prefix('*').unwrap_or(name);
    let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    fits.then_some(name)
}

/// An error's code.
pub(crate) fn check_code(code: &LitStr) -> Result<(), Error> {
    let text = code.value();
    let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits { Ok(()) } else { Err(Error::new(code.span(), "a code is lower case, digits and `_`: \"stale_revision\"")) }
}

/// An error's HTTP status.
pub(crate) fn check_status(status: u16, span: Span) -> Result<(), Error> {
    if (400..600).contains(&status) { Ok(()) } else { Err(Error::new(span, "an error's HTTP status is 400 to 599")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusals::{assert_accepted, assert_refused};

    #[test]
    fn namespaces() {
        assert_accepted(check_namespace, &["/", "/chat", "/a/b", "/größe", "/a-b_c.d"]);
        assert_refused(
            check_namespace,
            &[
                ("", "write \"/\""),
                ("chat", "write \"/chat\""),
                ("/chat/", "write \"/chat\""),
                ("//", "write \"/\""),
                ("/a,b", "no comma"),
                ("/a?b", "question mark"),
                ("/a b", "space"),
                ("/a\"b", "quote"),
                ("/a\u{0}b", "inside a packet"),
            ],
        );
    }

    #[test]
    fn events() {
        assert_accepted(check_event, &["say", "say hello", "größe", "connected", "a:b/c", "Connect"]);
        assert_refused(
            check_event,
            &[
                ("", "has a name"),
                ("connect", "write #[connect]"),
                ("disconnect", "write #[disconnect]"),
                ("disconnecting", "write #[disconnect]"),
                ("connect_error", "reserved"),
                ("newListener", "reserved"),
                ("removeListener", "reserved"),
                ("exception", "sends errors"),
                ("*", "write #[handler(any)]"),
                ("a\"b", "quote"),
                ("a\\b", "backslash"),
                ("a\nb", "control"),
            ],
        );
    }

    #[test]
    fn paths() {
        assert_accepted(
            check_path,
            &["/", "/documents", "/documents/{id}", "/a/{b}/c/{d_2}", "/files/{*path}", "/a.b-c"],
        );
        assert_refused(
            check_path,
            &[
                ("", "write \"/\""),
                ("documents", "write \"/documents\""),
                ("/documents/:id", "written `{id}`"),
                ("/files/*path", "written `{*path}`"),
                ("/{id}.json", "whole part"),
                ("/{}", "whole part"),
                ("/{a b}", "space"),
                ("/{*rest}/edit", "comes last"),
                ("/{id}/{id}", "two parameters are called `id`"),
                ("/a?b=c", "query"),
            ],
        );
    }

    #[test]
    fn codes_and_statuses() {
        assert_accepted(check_code, &["stale_revision", "a", "http_404"]);
        assert_refused(
            check_code,
            &[
                ("", "lower case"),
                ("Stale", "lower case"),
                ("stale-revision", "lower case"),
                ("4xx", "lower case"),
                ("_x", "lower case"),
            ],
        );
        let fits = |status| check_status(status, Span::call_site()).is_ok();
        assert_eq!([399, 400, 599, 600].map(fits), [false, true, true, false]);
    }
}
