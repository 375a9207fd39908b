//! The leaves of the configuration's schema.

use super::Effect;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tables whose entries are named after what the application has. A schema may name each of them; a row looks at one for all.
const NAMED_BY_THE_APPLICATION: [&str; 4] = ["namespaces", "routes", "handlers", "handlers.*"];

/// All keys that hold a value, such as `server.port` and `handlers.*.*.timeout`, with what the schema says of their effect.
pub fn leaves(schema: &Value) -> BTreeMap<String, Effect> {
    let mut found = BTreeMap::new();
    Walk { root: schema, found: &mut found }.below(schema, "", Effect::Live);
    found
}

struct Walk<'a> {
    root: &'a Value,
    found: &'a mut BTreeMap<String, Effect>,
}

impl<'a> Walk<'a> {
    fn below(&mut self, schema: &'a Value, path: &str, effect: Effect) {
        let effect = if schema["x-restart"] == true { Effect::Restart } else { effect };
        let parts = self.parts(schema);
        let effect = if parts.iter().any(|part| part["x-restart"] == true) { Effect::Restart } else { effect };
        let children: Vec<(String, &'a Value)> = parts.iter().flat_map(|part| children(part)).collect();
        if children.is_empty() {
            self.found.insert(path.to_owned(), effect);
        }
        for (name, child) in children {
            let name = if NAMED_BY_THE_APPLICATION.contains(&path) { "*".to_owned() } else { name };
            let path = if path.is_empty() { name } else { format!("{path}.{name}") };
            self.below(child, &path, effect);
        }
    }

    /// What a schema is made of: what it refers to, and its alternatives.
    fn parts(&self, schema: &'a Value) -> Vec<&'a Value> {
        let referred = schema["$ref"].as_str().and_then(|pointer| self.root.pointer(pointer.trim_start_matches('#')));
        let alternatives = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
        let others = referred.into_iter().chain(alternatives).flat_map(|part| self.parts(part));
        std::iter::once(schema).chain(others).collect()
    }
}

/// What stands below a table, or below each entry of a list of tables.
fn children(schema: &Value) -> Vec<(String, &Value)> {
    let named = schema["properties"].as_object().into_iter().flatten().map(|(name, child)| (name.clone(), child));
    let any = [&schema["additionalProperties"], &schema["items"]];
    let any = any.into_iter().filter(|child| child.is_object() && child["type"].is_null() || child["type"] == "object");
    named.chain(any.map(|child| ("*".to_owned(), child))).collect()
}
