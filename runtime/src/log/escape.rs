//! What must not stand in a line of the log.

use std::fmt::Write as _;

/// Whether a character may break a line, move a cursor, or show text in another order than it is in: a line of the log is
/// one line, wherever it is read.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a text with what is unsafe in it as `\n`, `\t` or `\u{1b}`. With `quotes`, those and backslashes are escaped, too.
pub(super) fn write(line: &mut String, text: &str, quotes: bool) {
    for c in text.chars() {
        match c {
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '"' | '\\' if quotes => line.extend(['\\', c]),
            c if is_unsafe(c) => {
                let _ = write!(line, "\\u{{{:x}}}", u32::from(c));
            }
            c => line.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_on_its_line() {
        let mut line = String::new();
        write(&mut line, "a\nb\r\u{1b}[2J\u{85}\u{2028}\u{202e}\t\"ä\\", false);
        assert_eq!(line, "a\\nb\\r\\u{1b}[2J\\u{85}\\u{2028}\\u{202e}\\t\"ä\\");
        line.clear();
        write(&mut line, "\"\\", true);
        assert_eq!(line, "\\\"\\\\");
    }
}
