//! Settings from `--set` on the command line.

use ::config::Value;
use toml::de::{DeTable, DeValue};

use super::layer::{Merged, nest};
use super::{Origin, Problem, environment};

/// Lays `key=value` arguments over the layers below; a later one wins. The key is a TOML key, the value a TOML value or plain
/// text.
pub(super) fn lay(arguments: &[String], merged: &mut Merged, problems: &mut Vec<Problem>) {
    let origin = Origin::CommandLine.encode();
    for argument in arguments {
        match split(argument) {
            Ok((path, text)) => {
                let value = Value::new(Some(&origin), environment::value(text, &origin));
                merged.lay(nest(path, value));
            }
            // The value may be secret, so the argument is not shown.
            Err(message) => {
                problems.push(Problem::of(Vec::new(), Some(Origin::CommandLine), message));
            }
        }
    }
}

/// The path and the text of `handlers."/documents".edit.timeout=2s`.
fn split(argument: &str) -> Result<(Vec<String>, &str), String> {
    let end = end_of_key(argument).ok_or("expected key=value, for example server.port=8080")?;
    let (key, text) = argument.split_at(end);
    let text = text.strip_prefix('=').unwrap_or(text);
    let path = path(key.trim()).ok_or_else(|| {
        format!("{key:?} is not a key; parts with other characters than letters, digits, - and _ need quotes")
    })?;
    Ok((path, text))
}

/// The first `=` outside quotes.
fn end_of_key(argument: &str) -> Option<usize> {
    let mut quote = None;
    argument.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '=') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        None
    })
}

/// Lets the TOML parser read a dotted key.
pub(super) fn path(key: &str) -> Option<Vec<String>> {
    if key.starts_with('[') || key.contains(['\n', '\r']) {
        return None;
    }
    let document = format!("{key} = 0");
    let document = DeTable::parse(&document).ok()?;
    let mut path = Vec::new();
    let mut table = document.get_ref();
    loop {
        let (key, value) = table.iter().next()?;
        path.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return Some(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    fn parts(argument: &str) -> Option<(String, &str)> {
        split(argument).ok().map(|(path, text)| (path.join(" | "), text))
    }

    #[test]
    fn keys_are_dotted_and_may_be_quoted() {
        assert_eq!(parts("server.port=1"), Some(("server | port".into(), "1")));
        assert_eq!(
            parts("handlers.\"/a=b.c\".edit.timeout=2s"),
            Some(("handlers | /a=b.c | edit | timeout".into(), "2s"))
        );
        assert_eq!(parts("mongo.uri = a=b"), Some(("mongo | uri".into(), " a=b")));
    }

    #[test]
    fn what_has_no_key_is_refused() {
        for argument in ["server.port", "=1", "a b=1", "[a]\nb=1", "a.\nb=1", "handlers./documents.edit=1"] {
            assert_eq!(parts(argument), None, "{argument}");
        }
    }

    #[test]
    fn a_value_cannot_smuggle_in_a_key() {
        assert_eq!(parts("a=1\nb=2"), Some(("a".into(), "1\nb=2")));
    }
}
