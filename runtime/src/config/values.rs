//! Single values against their schema.

use std::borrow::Cow;
use std::net::IpAddr;

use serde_json::Value;

use super::nearest::nearest;
use super::schema::Shape;
use super::tree::Content;

/// No integer of a setting is as large: 2 to the power of 63.
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

/// The JSON type of a value, and what to call it.
pub(super) fn kind(content: &Content) -> (&'static str, &'static str) {
    match content {
        Content::Scalar(Value::Bool(_)) => ("boolean", "a boolean"),
        Content::Scalar(Value::Number(number)) if number.is_f64() => ("number", "a number that is no integer"),
        Content::Scalar(Value::Number(_)) => ("integer", "an integer"),
        Content::Scalar(Value::String(_)) => ("string", "a string"),
        Content::Scalar(_) => ("null", "nothing"),
        Content::List(_) => ("array", "a list"),
        Content::Table(_) => ("object", "a table"),
    }
}

/// What to call a number that JSON cannot hold, or no setting: itself.
pub(super) fn number_in_words<'f>(content: &Content, found: &'f str, shape: &Shape<'_>) -> Cow<'f, str> {
    let wants_number = ["integer", "number"].iter().any(|kind| !shape.taking(kind).is_empty());
    match content {
        Content::Scalar(Value::String(text)) if wants_number && text.parse::<f64>().is_ok_and(|n| !n.is_finite()) => {
            text.to_ascii_lowercase().into()
        }
        Content::Scalar(Value::Number(number)) if number.as_f64().is_some_and(|n| n.abs() >= TOO_LARGE) => {
            "a number that is too large".into()
        }
        _ => found.into(),
    }
}

/// What is wrong with a value of the right type.
pub(super) fn mistake(value: &Value, kind: &str, shape: &Shape<'_>) -> Option<String> {
    if let Value::String(text) = value {
        if shape.is_address() && text.parse::<IpAddr>().is_err() {
            return Some(format!("expected {}, found {text:?}", shape.expected()));
        }
        let words = shape.words()?;
        if words.contains(&text.as_str()) {
            return None;
        }
        let near = nearest(text, words).map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        return Some(format!("expected {}, found {text:?}{near}", shape.expected()));
    }
    let [schema] = shape.taking(kind)[..] else {
        return None;
    };
    let found = value.as_f64()?;
    let below = schema.get("minimum").and_then(Value::as_f64).is_some_and(|min| found < min);
    let above = schema.get("maximum").and_then(Value::as_f64).is_some_and(|max| found > max);
    (below || above).then(|| format!("expected {}, found {value}", shape.expected()))
}
