//! What a line of the log has.

use super::{Invocation, rules::Redact};
use serde::{Serialize, Serializer};
use std::{borrow::Cow, error::Error, fmt, time::SystemTime};
use tracing::{
    Level,
    field::{Field, Visit},
};

/// The longest value, in bytes. What is longer is cut.
const LONGEST_VALUE: usize = 4096;
/// How much all values together may be, in bytes. Further ones are left out.
const LONGEST_LINE: usize = 16 * 1024;
/// What stands at the end of a value that was cut.
const CUT: char = '…';
/// What stands in the place of what is hidden.
const REDACTED: &str = "[redacted]";

/// Names that every line has.
const OF_EVERY_LINE: [&str; 5] = ["timestamp", "level", "target", "message", "spans"];

/// A line before it has a form.
pub(super) struct Line<'a> {
    pub time: SystemTime,
    pub level: Level,
    pub target: &'a str,
    pub message: String,
    /// The author's spans, outermost first: `order:payment`.
    pub spans: String,
    pub fields: &'a [(Cow<'static, str>, Value)],
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Truth(bool),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Unsigned(number) => serializer.serialize_u64(*number),
            Self::Signed(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
        }
    }
}

/// Fields in the order in which they are told, each name once.
pub(super) struct Fields<'a> {
    redact: &'a Redact,
    /// Names that are the runtime's own on this line. An author's field of such a name gets a `_` at its end.
    taken: Vec<&'static str>,
    message: String,
    list: Vec<(Cow<'static, str>, Value)>,
    bytes: usize,
}

impl<'a> Fields<'a> {
    /// None yet. Of those with a name in `redact` the value is hidden.
    pub fn new(redact: &'a Redact) -> Self {
        Self { redact, taken: OF_EVERY_LINE.to_vec(), message: String::new(), list: Vec::new(), bytes: 0 }
    }

    /// What an author tells from now on leaves the names of an invocation alone.
    pub fn reserve(&mut self, invocation: &Invocation) {
        self.taken.extend(of(invocation).into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name));
    }

    /// Adds the names of an invocation, as far as the line does not say them itself.
    pub fn add_invocation(&mut self, invocation: &Invocation) {
        for (name, value) in of(invocation) {
            if let Some(value) = value.filter(|_| !self.list.iter().any(|(known, _)| known == name)) {
                self.list.push((name.into(), Value::Text(cut(value.into_owned()))));
            }
        }
    }

    /// Adds fields of a span.
    pub fn add_all(&mut self, fields: &[(Cow<'static, str>, Value)]) {
        for (name, value) in fields {
            self.put(name.clone(), value.clone());
        }
    }

    /// The message, and all others.
    pub fn into_parts(self) -> (String, Vec<(Cow<'static, str>, Value)>) {
        (self.message, self.list)
    }

    fn record(&mut self, field: &Field, value: Value) {
        let name = field.name();
        let name = name.strip_prefix("r#").unwrap_or(name);
        let hidden = self.redact.hides(name);
        let value = if hidden { Value::Text(REDACTED.to_owned()) } else { value };
        if self.taken.contains(&name) {
            self.put(format!("{name}_").into(), value);
        } else {
            self.put(name.into(), value);
        }
    }

    fn text(&mut self, field: &Field, text: String) {
        if field.name() == "message" && self.message.is_empty() {
            self.message = cut(text);
        } else {
            self.record(field, Value::Text(cut(text)));
        }
    }

    /// The last one of a name counts.
    fn put(&mut self, name: Cow<'static, str>, value: Value) {
        self.bytes += name.len() + if let Value::Text(text) = &value { text.len() } else { size_of::<Value>() };
        if self.bytes > LONGEST_LINE {
            return;
        }
        match self.list.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.list.push((name, value)),
        }
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.record(field, Value::Float(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record(field, Value::Signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record(field, Value::Unsigned(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.record(field, Value::Truth(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.text(field, value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, format!("{value:?}"));
    }
}

/// What a line is told of the invocation that it is part of.
fn of(invocation: &Invocation) -> [(&'static str, Option<Cow<'_, str>>); 10] {
    [
        ("namespace", invocation.namespace().map(Cow::from)),
        ("event", invocation.event().map(Cow::from)),
        ("method", invocation.method().map(Cow::from)),
        ("route", invocation.route().map(Cow::from)),
        ("path", invocation.path().map(Cow::from)),
        ("user", invocation.user().map(Cow::from)),
        ("socket", invocation.socket().map(Cow::from)),
        ("invocation", Some(invocation.id.to_string().into())),
        ("request", invocation.request().map(|request| request.to_string().into())),
        ("trace", invocation.trace().map(|trace| trace.id().into())),
    ]
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_VALUE {
        text.truncate(text.floor_char_boundary(LONGEST_VALUE));
        text.push(CUT);
    }
    text
}
