//! A line of a file with a caret under the mistake, and without its secrets.

use std::collections::BTreeSet;

/// How many columns are shown.
const WIDEST: usize = 120;

/// Shows a line and a caret at a column that counts from one.
///
/// A mistake in a file can be anywhere, also in the middle of a password. A line is shown as it is
/// only if it is a table header or sets one of the `plain` keys, which hold no secrets. In any
/// other line the values are masked, and in a line that sets no key, everything.
pub(super) fn excerpt(line: &str, column: usize, plain: &BTreeSet<String>) -> String {
    // control characters would be taken for orders by a terminal
    let line = &line.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let shown = match line.split_once('=') {
        Some((key, _)) if plain.contains(key.trim()) => line.to_owned(),
        Some((key, value)) => format!("{key}={}", mask(value)),
        None if line.trim_start().starts_with('[') => line.to_owned(),
        None => mask(line),
    };
    // of a long line, what is around the mistake
    let from = if column > WIDEST { column - WIDEST / 2 } else { 1 };
    let shown: String = shown.chars().skip(from - 1).take(WIDEST).collect();
    let caret = " ".repeat(column.saturating_sub(from));
    format!("    | {shown}\n    | {caret}^")
}

fn mask(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{WIDEST, excerpt};

    #[test]
    fn only_plain_keys_show_their_values() {
        let plain = ["host".to_owned()].into();
        assert_eq!(excerpt("host = localhost", 8, &plain), "    | host = localhost\n    |        ^");
        assert_eq!(excerpt("key = \"hunter2", 7, &plain), "    | key = \"*******\n    |       ^");
        assert_eq!(excerpt("hunter2\"", 8, &plain), "    | *******\"\n    |        ^");
        assert_eq!(excerpt("host = \u{1b}[31mred", 8, &plain), "    | host =  [31mred\n    |        ^");
        let long = excerpt(&format!("host = {}", "a.".repeat(500)), 900, &plain);
        assert!(long.lines().all(|line| line.len() <= 6 + WIDEST), "{long}");
        assert_eq!(excerpt("[server", 8, &plain), "    | [server\n    |        ^");
    }
}
