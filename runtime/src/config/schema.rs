//! What a JSON Schema accepts at one place, as far as the checks need it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The alternatives a schema allows. References are followed, `null` is left out: TOML has none.
pub(super) struct Shape<'s> {
    root: &'s Value,
    pub(super) alternatives: Vec<&'s Map<String, Value>>,
    /// Whether some alternative takes anything, or is beyond what is understood here.
    open: bool,
}

/// How deep a key of a known name is looked for.
const DEEPEST: usize = 4;

/// How deep secrets are looked for. What is deeper may be one.
const DEEPEST_SECRET: usize = 8;

/// How a table may be continued at one key.
pub(super) enum Entry<'s> {
    Known(Shape<'s>),
    /// Any key and any value.
    Free,
    Unknown,
}

impl<'s> Shape<'s> {
    pub(super) fn of(root: &'s Value, schema: &'s Value) -> Self {
        let mut shape = Self { root, alternatives: Vec::new(), open: false };
        shape.add(schema, 0);
        shape
    }

    /// The whole schema that this is a part of.
    pub(super) fn root(&self) -> &'s Value {
        self.root
    }

    fn add(&mut self, schema: &'s Value, depth: usize) {
        let Some(schema) = schema.as_object().filter(|_| depth < 32) else {
            self.open = true;
            return;
        };
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        if let Some(target) = reference.and_then(|pointer| self.root.pointer(pointer)) {
            return self.add(target, depth + 1);
        }
        let choices = ["anyOf", "oneOf"].iter().find_map(|word| schema.get(*word)?.as_array());
        match choices {
            Some(choices) if !schema.contains_key("properties") => {
                for choice in choices {
                    self.add(choice, depth + 1);
                }
            }
            None if schema.contains_key("type") || schema.contains_key("const") || schema.contains_key("enum") => {
                if schema.get("type").and_then(Value::as_str) != Some("null") {
                    self.alternatives.push(schema);
                }
            }
            _ => self.open = true,
        }
    }

    /// Whether nothing can be said about the values.
    pub(super) fn is_open(&self) -> bool {
        self.open || self.alternatives.is_empty()
    }

    /// Whether only strings are accepted.
    pub(super) fn is_text(&self) -> bool {
        !self.is_open() && self.alternatives.iter().all(|schema| types(schema) == ["string"])
    }

    /// Whether only IP addresses are accepted.
    pub(super) fn is_address(&self) -> bool {
        self.is_text() && self.alternatives.iter().all(|schema| schema.get("format") == Some(&"ip".into()))
    }

    /// Whether the value is a secret.
    pub(super) fn is_secret(&self) -> bool {
        self.alternatives.iter().any(|schema| schema.get("writeOnly") == Some(&Value::Bool(true)))
    }

    /// Whether something in here is a secret, or may be: nothing can be said about it.
    pub(super) fn may_hold_secret(&self) -> bool {
        self.may_hold_secret_within(DEEPEST_SECRET)
    }

    fn may_hold_secret_within(&self, levels: usize) -> bool {
        let Some(levels) = levels.checked_sub(1) else { return true };
        let is_table = !self.taking("object").is_empty();
        let below = |key: &str| match self.entry(key) {
            Entry::Known(below) => below.may_hold_secret_within(levels),
            Entry::Free => true,
            Entry::Unknown => false,
        };
        self.is_open()
            || self.is_secret()
            || self.items().is_some_and(|items| items.may_hold_secret_within(levels))
            || self.keys().any(below)
            // no key has this name: what keys of any name hold
            || (is_table && below(""))
    }

    /// The alternatives that take values of a JSON type.
    pub(super) fn taking(&self, kind: &str) -> Vec<&'s Map<String, Value>> {
        let takes = |schema: &&Map<String, Value>| {
            types(schema).iter().any(|known| *known == kind || (*known == "number" && kind == "integer"))
        };
        self.alternatives.iter().copied().filter(takes).collect()
    }

    /// The shape of the items of a list.
    pub(super) fn items(&self) -> Option<Self> {
        let [list] = self.taking("array")[..] else {
            return None;
        };
        list.get("items").map(|items| Self::of(self.root, items))
    }

    /// What may stand at a key of a table.
    pub(super) fn entry(&self, key: &str) -> Entry<'s> {
        let [table] = self.taking("object")[..] else {
            return Entry::Free;
        };
        if let Some(schema) = property(table, key) {
            return Entry::Known(Self::of(self.root, schema));
        }
        match table.get("additionalProperties") {
            Some(Value::Bool(false)) => Entry::Unknown,
            Some(Value::Bool(true)) => Entry::Free,
            Some(schema) => Entry::Known(Self::of(self.root, schema)),
            None if table.contains_key("properties") => Entry::Unknown,
            None => Entry::Free,
        }
    }

    /// What may stand at a path below; `None` where nothing is known of it.
    pub(super) fn at(self, path: &[String]) -> Option<Self> {
        path.iter().try_fold(self, |shape, key| match shape.entry(key) {
            Entry::Known(below) => Some(below),
            Entry::Free | Entry::Unknown => None,
        })
    }

    /// The named keys of a table.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let tables = self.taking("object").into_iter();
        tables.filter_map(|table| table.get("properties")?.as_object()).flat_map(|keys| keys.keys().map(String::as_str))
    }

    /// The keys that must be there.
    pub(super) fn required(&self) -> Vec<&'s str> {
        let [table] = self.taking("object")[..] else {
            return Vec::new();
        };
        table.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The strings that are accepted, where not every string is.
    pub(super) fn words(&self) -> Option<Vec<&'s str>> {
        let mut words = Vec::new();
        for schema in self.taking("string") {
            match (schema.get("const"), schema.get("enum")) {
                (Some(word), _) => words.extend(word.as_str()),
                (None, Some(list)) => {
                    words.extend(list.as_array()?.iter().filter_map(Value::as_str));
                }
                (None, None) => return None,
            }
        }
        (!words.is_empty()).then_some(words)
    }

    /// Adds the keys in here that hold no secrets and no tables.
    pub(super) fn plain_keys(&self, found: &mut BTreeSet<String>) {
        for key in self.keys() {
            let Entry::Known(entry) = self.entry(key) else {
                continue;
            };
            entry.plain_keys(found);
            let [table, list] = ["object", "array"].map(|kind| entry.taking(kind).is_empty());
            if table && list && !entry.is_secret() && !entry.is_open() {
                found.insert(key.to_owned());
            }
        }
    }

    /// The path of a key with this name, if there is just one in the tables below.
    pub(super) fn elsewhere(&self, name: &str) -> Option<Vec<String>> {
        let mut found = Vec::new();
        self.search(name, &mut Vec::new(), &mut found);
        let [path] = &found[..] else { return None };
        Some(path.clone())
    }

    fn search(&self, name: &str, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        for key in self.keys() {
            path.push(key.to_owned());
            if key == name {
                found.push(path.clone());
            }
            // A type may contain itself.
            if let Entry::Known(entry) = self.entry(key)
                && path.len() < DEEPEST
            {
                entry.search(name, path, found);
            }
            path.pop();
        }
    }
}

fn property<'s>(table: &'s Map<String, Value>, key: &str) -> Option<&'s Value> {
    table.get("properties")?.as_object()?.get(key)
}

/// The JSON types a schema accepts, without `null`.
pub(super) fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect(),
        _ => vec!["string"],
    }
}
