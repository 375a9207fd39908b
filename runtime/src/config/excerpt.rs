//! A line of a file with a caret under the mistake, and without its secrets.

use std::collections::BTreeSet;

/// Shows a line and a caret at a column that counts from one.
///
/// A mistake in a file can be anywhere, also in the middle of a password. A line is shown as it is
/// only if it is a table header or sets one of the `plain` keys, which hold no secrets. In any
/// other line the values are masked, and in a line that sets no key, everything.
pub(super) fn excerpt(line: &str, column: usize, plain: &BTreeSet<String>) -> String {
    let line = line.trim_end();
    let shown = match line.split_once('=') {
        Some((key, _)) if plain.contains(key.trim()) => line.to_owned(),
        Some((key, value)) => format!("{key}={}", mask(value)),
        None if line.trim_start().starts_with('[') => line.to_owned(),
        None => mask(line),
    };
    let caret = " ".repeat(column.saturating_sub(1));
    format!("    | {shown}\n    | {caret}^")
}

fn mask(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn only_plain_keys_show_their_values() {
        let plain = ["host".to_owned()].into();
        assert_eq!(excerpt("host = localhost", 8, &plain), "    | host = localhost\n    |        ^");
        assert_eq!(excerpt("key = \"hunter2", 7, &plain), "    | key = \"*******\n    |       ^");
        assert_eq!(excerpt("hunter2\"", 8, &plain), "    | *******\"\n    |        ^");
        assert_eq!(excerpt("[server", 8, &plain), "    | [server\n    |        ^");
    }
}
