//! A line of the log as one JSON object.

use super::{escape, fields::Line};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::ser::Formatter;
use std::io;

/// Writes the line, with its end.
pub(super) fn write(line: &Line<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    let written = line.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, OneLine));
    // text and numbers are JSON, and memory takes them
    debug_assert!(written.is_ok(), "{written:?}");
    bytes.push(b'\n');
    bytes
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("timestamp", &humantime::format_rfc3339_micros(self.time).to_string())?;
        object.serialize_entry("level", self.level.as_str())?;
        object.serialize_entry("target", self.target)?;
        object.serialize_entry("message", &self.message)?;
        if !self.spans.is_empty() {
            object.serialize_entry("spans", &self.spans)?;
        }
        for (name, value) in self.fields {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

/// JSON escapes what breaks lines in ASCII. Here the rest is escaped as well.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((before, c, after)) = split(rest) {
            writer.write_all(before.as_bytes())?;
            // beyond the first plane these are two (RFC 8259, section 7)
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after;
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Around the first character that is unsafe.
fn split(text: &str) -> Option<(&str, char, &str)> {
    let (place, c) = text.char_indices().find(|(_, c)| escape::is_unsafe(*c))?;
    Some((text.get(..place)?, c, text.get(place + c.len_utf8()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;
    use tracing::Level;

    #[test]
    fn what_cannot_be_seen_is_escaped_and_nothing_is_lost() {
        let message = "a\nb\u{61c}\u{200b}c\u{2028}\u{202e}\u{feff}d\u{e0041}\"ä👍";
        let (time, level, spans) = (SystemTime::UNIX_EPOCH, Level::INFO, String::new());
        let line = write(&Line { time, level, target: "t", message: message.to_owned(), spans, fields: &[] });
        let line = String::from_utf8(line).unwrap();
        let escaped = r#""a\nb\u061c\u200bc\u2028\u202e\ufeffd\udb40\udc41\"ä👍""#;
        assert!(line.contains(escaped), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["message"], message);
    }
}
