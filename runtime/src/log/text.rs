//! A line of the log for people.

use super::{
    escape,
    fields::{Line, Value},
};
use std::fmt::Write as _;
use tracing::Level;

/// The width of the part of the program that tells it; longer ones move the message.
const TARGET: usize = 20;

const DIM: &str = "\u{1b}[2m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Writes the line, with its end: time (UTC), level, part of the program, message, fields.
pub(super) fn write(line: &Line<'_>, colours: bool) -> Vec<u8> {
    let mut text = String::with_capacity(256);
    let styled = |text: &mut String, style: &str, part: &str| {
        text.push_str(if colours { style } else { "" });
        text.push_str(part);
        text.push_str(if colours { PLAIN } else { "" });
    };
    let time = humantime::format_rfc3339_millis(line.time).to_string();
    // the time of the day: whoever keeps logs writes the date beside
    styled(&mut text, DIM, time.split_once('T').map_or(&time, |(_, time)| time));
    text.push(' ');
    styled(&mut text, style(line.level), &format!("{:5}", line.level));
    text.push(' ');
    styled(&mut text, DIM, &format!("{:TARGET$}", shortened(line.target)));
    text.push(' ');
    if !line.spans.is_empty() {
        let mut spans = String::new();
        escape::write(&mut spans, &line.spans, false);
        styled(&mut text, BOLD, &spans);
        text.push_str(": ");
    }
    escape::write(&mut text, &line.message, false);
    for (name, value) in line.fields {
        text.push(' ');
        styled(&mut text, DIM, &format!("{name}="));
        write_value(&mut text, value);
    }
    text.push('\n');
    text.into_bytes()
}

fn style(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\u{1b}[31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        Level::DEBUG => "\u{1b}[34m",
        Level::TRACE => "\u{1b}[35m",
    }
}

/// The first and the last part of a path: `lambdio::records` for `lambdio::log::records`.
fn shortened(target: &str) -> String {
    match (target.split_once("::"), target.rsplit_once("::")) {
        (Some((first, _)), Some((_, last))) => format!("{first}::{last}"),
        _ => target.to_owned(),
    }
}

/// A text is quoted where it would not read as one word.
fn write_value(line: &mut String, value: &Value) {
    let _ = match value {
        Value::Text(text) if text.is_empty() || text.contains(['"', '=', ' ']) => {
            line.push('"');
            escape::write(line, text, true);
            line.push('"');
            Ok(())
        }
        Value::Text(text) => {
            escape::write(line, text, false);
            Ok(())
        }
        Value::Unsigned(number) => write!(line, "{number}"),
        Value::Signed(number) => write!(line, "{number}"),
        Value::Float(number) => write!(line, "{number}"),
        Value::Truth(truth) => write!(line, "{truth}"),
    };
}
