//! What must not stand in a line of the log.

use std::fmt::Write as _;

/// Whether a character may break a line, move a cursor, show text in another order than it is in, or not be seen at all: a
/// line of the log is one line, wherever it is read, and what differs does not look alike.
pub(super) fn is_unsafe(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_control() } else { c.is_control() || is_unseen(c) }
}

/// Characters that leave no mark of their own: the separators of lines and paragraphs, those of the category Cf, and all with
/// `Default_Ignorable_Code_Point` (Unicode 16). A few of Cf are seen, such as U+0601 before Arabic numbers: not those.
fn is_unseen(c: char) -> bool {
    matches!(
        u32::from(c),
        0xad | 0x34f
            | 0x61c
            | 0x115f..=0x1160
            | 0x17b4..=0x17b5
            | 0x180b..=0x180f
            | 0x200b..=0x200f
            | 0x2028..=0x202e
            | 0x2060..=0x206f
            | 0x3164
            | 0xfe00..=0xfe0f
            | 0xfeff
            | 0xffa0
            | 0xfff0..=0xfffb
            | 0x1_3430..=0x1_343f
            | 0x1_bca0..=0x1_bca3
            | 0x1_d173..=0x1_d17a
            | 0xe_0000..=0xe_0fff
    )
}

/// A text with what is unsafe in it escaped, for what is printed beside the log.
pub(crate) fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    write(&mut line, text, false);
    line
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

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        let unseen = "\u{7f}\u{9b}\u{ad}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\
                      \u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2064}\u{2066}\u{2067}\u{2068}\u{2069}\u{206f}\u{3164}\
                      \u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{1d173}\u{e0000}\u{e0001}\u{e0020}\u{e007f}\u{e0100}";
        for c in unseen.chars() {
            let mut line = String::new();
            write(&mut line, &format!("a{c}b"), false);
            assert_eq!(line, format!("a\\u{{{:x}}}b", u32::from(c)));
        }
    }

    #[test]
    fn what_is_seen_stays_as_it_is() {
        let seen = "Zoë Łukasz Ναυσικά Дарья שלום سلام अदा 艾達 아다 e\u{301} 👍🏽 🇨🇭 \u{a0} \u{3000} \u{601} \u{fffd}";
        let mut line = String::new();
        write(&mut line, seen, true);
        assert_eq!(line, seen);
    }
}
