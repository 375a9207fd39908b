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
            // all of them are in the first plane, so that one escape is enough (RFC 8259, section 7)
            write!(writer, "{before}\\u{:04x}", u32::from(c))?;
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
