//! Replies that look like failures.

use super::SchemaOf;
use schemars::SchemaGenerator;
use serde_json::{Map, Value};

/// Whether a reply may have a property `error` at its top, which clients take for a failure.
pub(super) fn has_error_property(reply: SchemaOf) -> bool {
    let mut generator = SchemaGenerator::default();
    let schema = reply(&mut generator);
    has(schema.as_value(), &generator.take_definitions(true), 0)
}

/// Follows references and alternatives. A schema that is deeper than any sensible reply is let pass.
fn has(schema: &Value, definitions: &Map<String, Value>, depth: u8) -> bool {
    const DEEPEST: u8 = 16;
    if depth > DEEPEST {
        return false;
    }
    let follow = |part: &Value| has(part, definitions, depth + 1);
    let referred = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.rsplit('/').next())
        .and_then(|name| definitions.get(name));
    let alternatives = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    schema.pointer("/properties/error").is_some() || referred.into_iter().chain(alternatives).any(follow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::schema_of;
    use schemars::JsonSchema;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Failed {
        error: String,
    }

    #[derive(JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Either {
        Well { text: String },
        Failed(Failed),
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Nested {
        inner: Failed,
    }

    #[test]
    fn an_error_at_the_top_is_found_wherever_it_is_declared() {
        assert!(has_error_property(schema_of::<Failed>));
        assert!(has_error_property(schema_of::<Option<Failed>>));
        assert!(has_error_property(schema_of::<Either>));
        assert!(!has_error_property(schema_of::<Nested>));
        assert!(!has_error_property(schema_of::<Vec<Failed>>));
    }
}
