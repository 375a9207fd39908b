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

/// A deadline in human form, in milliseconds.
pub(crate) fn check_timeout(timeout: &LitStr) -> Result<u64, Error> {
    let problem = match humantime::parse_duration(&timeout.value()) {
        Ok(time) => match u64::try_from(time.as_millis()) {
            Ok(0) => "a deadline is one millisecond or longer".to_owned(),
            Ok(milliseconds) => return Ok(milliseconds),
            Err(_) => "this deadline is too long".to_owned(),
        },
        Err(error) => format!("a deadline reads like \"2s\" or \"500ms\": {error}"),
    };
    Err(Error::new(timeout.span(), problem))
}

/// A size in human form, in bytes.
pub(crate) fn check_size(size: &LitStr) -> Result<usize, Error> {
    const UNITS: [(&str, usize); 5] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("kB", 1_000), ("MB", 1_000_000), ("B", 1)];
    let text = size.value();
    let known = UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let bytes = known.and_then(|(number, factor)| number.trim_end().parse::<usize>().ok()?.checked_mul(factor));
    match bytes {
        Some(0) => Err(Error::new(size.span(), "a size is one byte or more")),
        Some(bytes) => Ok(bytes),
        None => Err(Error::new(size.span(), "a size reads like \"64KiB\" or \"1MiB\" (units B, kB, KiB, MB, MiB)")),
    }
}

/// A role, as it stands in configuration, too.
pub(crate) fn check_role(role: &LitStr) -> Result<(), Error> {
    let text = role.value();
    let problem = if text.trim().is_empty() {
        "a role has a name"
    } else if text.trim() != text || text.chars().any(char::is_control) {
        "a role's name has no control character, and no space at its ends"
    } else {
        return Ok(());
    };
    Err(Error::new(role.span(), problem))
}

/// Whether clients of a namespace must be logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    None,
    Optional,
    Required,
}

impl Access {
    /// The runtime's name for it.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Optional => "Optional",
            Self::Required => "Required",
        }
    }
}

/// Whether clients of a namespace must be logged in, as it stands in configuration, too.
pub(crate) fn check_access(auth: &LitStr) -> Result<Access, Error> {
    match auth.value().as_str() {
        "none" => Ok(Access::None),
        "optional" => Ok(Access::Optional),
        "required" => Ok(Access::Required),
        _ => Err(Error::new(auth.span(), "`auth` is \"none\", \"optional\" or \"required\"")),
    }
}

/// Whether a single function asks for a login.
pub(crate) fn check_login(auth: &LitStr) -> Result<(), Error> {
    if auth.value() == "required" {
        return Ok(());
    }
    let problem = "only \"required\" can be said here: where a login is optional, take `Option<User>`; where none is needed, \
                   leave `auth` out";
    Err(Error::new(auth.span(), problem))
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

    /// The words of the refusal, or nothing.
    fn refusal<T>(check: impl Fn(&LitStr) -> Result<T, Error>, text: &str) -> String {
        check(&LitStr::new(text, Span::call_site())).err().map(|error| error.to_string()).unwrap_or_default()
    }

    fn assert_accepted<T>(check: impl Fn(&LitStr) -> Result<T, Error> + Copy, texts: &[&str]) {
        for text in texts {
            assert_eq!(refusal(check, text), "", "{text:?}");
        }
    }

    fn assert_refused<T>(check: impl Fn(&LitStr) -> Result<T, Error> + Copy, texts: &[(&str, &str)]) {
        for (text, reason) in texts {
            let refusal = refusal(check, text);
            assert!(refusal.contains(reason), "{text:?}: {refusal:?} does not contain {reason:?}");
        }
    }

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
    fn timeouts() {
        let milliseconds = |text| check_timeout(&LitStr::new(text, Span::call_site())).ok();
        assert_eq!(milliseconds("2s"), Some(2_000));
        assert_eq!(milliseconds("500ms"), Some(500));
        assert_eq!(milliseconds("1m 30s"), Some(90_000));
        assert_refused(
            check_timeout,
            &[
                ("", "reads like"),
                ("2", "reads like"),
                ("soon", "reads like"),
                ("0s", "one millisecond"),
                ("999us", "one millisecond"),
            ],
        );
    }

    #[test]
    fn sizes() {
        let bytes = |text| check_size(&LitStr::new(text, Span::call_site())).ok();
        assert_eq!(bytes("64KiB"), Some(65_536));
        assert_eq!(bytes("1 MB"), Some(1_000_000));
        assert_eq!(bytes("5B"), Some(5));
        assert_refused(
            check_size,
            &[("", "reads like"), ("64", "reads like"), ("0KiB", "one byte"), ("1TB", "reads like")],
        );
    }

    #[test]
    fn roles() {
        assert_accepted(check_role, &["admin", "chief editor", "größe", "a:b"]);
        assert_refused(
            check_role,
            &[("", "has a name"), (" ", "has a name"), ("admin ", "at its ends"), ("ad\nmin", "control")],
        );
    }

    #[test]
    fn access() {
        assert_accepted(check_access, &["none", "optional", "required"]);
        assert_refused(check_access, &[("", "\"optional\""), ("Required", "\"required\"")]);
        assert_accepted(check_login, &["required"]);
        assert_refused(check_login, &[("optional", "`Option<User>`"), ("none", "leave `auth` out"), ("", "required")]);
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
