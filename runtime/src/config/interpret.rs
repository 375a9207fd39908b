//! Text from the environment and the command line, whose type depends on where it goes.

use serde_json::Value;
use toml::de::DeValue;

use super::schema::Shape;
use super::tree::{Content, Node};
use super::{Origin, toml_value};

/// Gives text from the environment or the command line the type that its place asks for.
pub(super) fn interpret(node: &mut Node, shape: &Shape<'_>) {
    let Node { origin: Some(origin), content: Content::Scalar(Value::String(text)) } = &*node else {
        return;
    };
    let from_command_line = matches!(origin, Origin::CommandLine);
    if !origin.is_text() || (shape.is_text() && !from_command_line) {
        return;
    }
    let Ok(value) = DeValue::parse(text.trim()) else {
        return;
    };
    let value = value.get_ref();
    // A string in quotes is TOML on the command line only. Digits stay text where text is wanted,
    // dates always.
    if value.is_datetime() || (value.is_str() && !from_command_line) || (shape.is_text() && !value.is_str()) {
        return;
    }
    let origin = origin.encode();
    let kind = toml_value::kind(value, &|_| Some(origin.clone()));
    *node = ::config::Value::new(Some(&origin), kind).into();
}
