//! Which settings a running server takes over, and which need a restart.
//!
//! A field of the settings says so in its schema. Without a mark a setting is live: a reload takes it over.
//!
//! - `#[schemars(extend("x-restart" = true))]`: a change needs a restart; of a table, everything in it.
//! - `#[schemars(extend("x-restart" = "presence"))]`, on a table that may be left out: whether it is there needs a restart,
//!   what is in it does not.

use serde_json::{Map, Value};

/// The key of the mark in a schema.
pub(super) const MARK: &str = "x-restart";

/// How deep references are followed.
const DEEPEST: usize = 16;

/// What a change of one setting needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing: it is taken over.
    Live,
    /// A restart.
    Restart,
    /// A restart where the table comes or goes.
    Presence,
}

/// What a change at each part of a path needs, from the outermost table on: as many marks as parts, or less where the schema
/// says nothing.
pub(super) fn marks(schema: &Value, path: &[String]) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut table = schema;
    for name in path {
        let Some(field) = field(schema, table, name, 0) else { break };
        found.push(match field.get(MARK) {
            Some(Value::Bool(true)) => Mark::Restart,
            Some(_) => Mark::Presence,
            None => Mark::Live,
        });
        table = field;
    }
    found
}

/// The schema of a field of a table, with what is said beside it.
fn field<'s>(root: &'s Value, schema: &'s Value, name: &str, depth: usize) -> Option<&'s Value> {
    let object = schema.as_object().filter(|_| depth < DEEPEST)?;
    let property = object.get("properties").and_then(|fields| fields.get(name));
    let free = || object.get("additionalProperties").filter(|schema| schema.is_object());
    if let Some(found) = property.or_else(free) {
        return Some(found);
    }
    if let Some(found) = referred(root, object).and_then(|schema| field(root, schema, name, depth + 1)) {
        return Some(found);
    }
    let choices = ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| object.get(*word)?.as_array()).flatten();
    choices.into_iter().find_map(|choice| field(root, choice, name, depth + 1))
}

fn referred<'s>(root: &'s Value, object: &Map<String, Value>) -> Option<&'s Value> {
    let pointer = object.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(pointer)
}
