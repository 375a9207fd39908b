//! What a schema accepts, in words.

use serde_json::{Map, Value};

use super::schema::{Shape, types};

impl Shape<'_> {
    /// What is accepted, in words.
    pub(super) fn expected(&self) -> String {
        let mut phrases: Vec<String> = Vec::new();
        for schema in &self.alternatives {
            for phrase in phrases_of(schema) {
                if !phrases.contains(&phrase) {
                    phrases.push(phrase);
                }
            }
        }
        match phrases.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => phrases.concat(),
        }
    }
}

fn phrases_of(schema: &Map<String, Value>) -> Vec<String> {
    let choices: Option<Vec<&Value>> = match (schema.get("const"), schema.get("enum")) {
        (Some(only), _) => Some(vec![only]),
        (None, Some(list)) => list.as_array().map(|list| list.iter().collect()),
        (None, None) => None,
    };
    if let Some(choices) = choices {
        // JSON and TOML write strings, numbers and booleans alike.
        return choices.into_iter().map(Value::to_string).collect();
    }
    match schema.get("format").and_then(Value::as_str) {
        Some("ip") => return vec!["an IP address such as \"127.0.0.1\"".to_owned()],
        Some("human-duration") => return vec!["a duration such as \"2s\" or \"500ms\"".to_owned()],
        Some("rate") => return vec!["a rate such as \"20/s\" or \"100/min\"".to_owned()],
        Some("byte-size") => {
            return vec!["a size such as \"64KiB\"".to_owned(), "a number of bytes".to_owned()];
        }
        _ => {}
    }
    let phrase = |name: &str| match name {
        "integer" => format!("an integer{}", bounds(schema)),
        "number" => format!("a number{}", bounds(schema)),
        "boolean" => "true or false".to_owned(),
        "array" if holds_text(schema) => "a list such as [\"one\", \"another\"]".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "a table".to_owned(),
        _ => "a string".to_owned(),
    };
    types(schema).into_iter().map(phrase).collect()
}

/// Whether the items of a list are text.
fn holds_text(schema: &Map<String, Value>) -> bool {
    schema.get("items").and_then(|items| items.get("type")).and_then(Value::as_str) == Some("string")
}

/// The bounds of a number as they stand in the schema.
fn bounds(schema: &Map<String, Value>) -> String {
    let bound = |name: &str| schema.get(name).filter(|value| value.is_number());
    match (bound("minimum"), bound("maximum")) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" of at least {min}"),
        (None, Some(max)) => format!(" of at most {max}"),
        (None, None) => String::new(),
    }
}
