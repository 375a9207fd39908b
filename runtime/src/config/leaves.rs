//! The keys of a schema, one by one.

use serde_json::{Map, Value};

use super::restart::MARK;
use super::schema::Shape;

/// A table of the configuration, with its own keys.
pub(super) struct Section<'s> {
    /// Where it is. What stands for any name is [`ANY`].
    pub(super) path: Vec<String>,
    /// Whether there may be several, as `[[path]]`.
    pub(super) is_list: bool,
    pub(super) description: Option<&'s str>,
    pub(super) leaves: Vec<Leaf<'s>>,
}

/// A key that holds a value and no table.
pub(super) struct Leaf<'s> {
    pub(super) name: String,
    pub(super) description: Option<&'s str>,
    pub(super) default: Option<&'s Value>,
    pub(super) shape: Shape<'s>,
    /// Whether a change of it counts from the next start on.
    pub(super) restart: bool,
}

/// Stands for any name in a path.
pub(super) const ANY: &str = "*";

/// How deep tables are followed: a type may contain itself.
const DEEPEST: usize = 8;

/// All tables that have keys of their own, in the order of the schema.
pub(super) fn sections(schema: &Value) -> Vec<Section<'_>> {
    let mut walk = Walk { root: schema, sections: Vec::new() };
    walk.table(schema, &[], false, false);
    walk.sections
}

struct Walk<'s> {
    root: &'s Value,
    sections: Vec<Section<'s>>,
}

impl<'s> Walk<'s> {
    /// Takes in a table, and then those below it.
    fn table(&mut self, schema: &'s Value, path: &[String], is_list: bool, restart: bool) {
        let shape = Shape::of(self.root, schema);
        let [table] = shape.taking("object")[..] else { return };
        let description = text(schema.as_object(), "description").or_else(|| text(Some(table), "description"));
        let properties = || table.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut leaves = Vec::new();
        let mut below = Vec::new();
        for (name, schema) in properties() {
            let restart = restart || self.is_marked(schema);
            match self.kind(schema) {
                Kind::Leaf(shape) => leaves.push(Leaf {
                    name: name.clone(),
                    description: text(schema.as_object(), "description"),
                    default: schema.get("default"),
                    shape,
                    restart,
                }),
                Kind::Table(schema, is_list) => below.push((name.as_str(), schema, is_list, restart)),
            }
        }
        if let Some(any) = table.get("additionalProperties").filter(|any| any.is_object())
            && let Kind::Table(schema, is_list) = self.kind(any)
        {
            below.push((ANY, schema, is_list, restart || self.is_marked(any)));
        }
        if !leaves.is_empty() {
            self.sections.push(Section { path: path.to_vec(), is_list, description, leaves });
        }
        for (name, schema, is_list, restart) in below.into_iter().filter(|_| path.len() < DEEPEST) {
            self.table(schema, &[path, &[name.to_owned()]].concat(), is_list, restart);
        }
    }

    fn kind(&self, schema: &'s Value) -> Kind<'s> {
        let shape = Shape::of(self.root, schema);
        let has_keys = |shape: &Shape<'_>| {
            let words = ["properties", "additionalProperties"];
            shape.taking("object").iter().any(|table| words.iter().any(|word| table.contains_key(*word)))
        };
        let are_values = |table: &Map<String, Value>| {
            let any = table.get("additionalProperties").filter(|any| any.is_object());
            !table.contains_key("properties") && any.is_some_and(|any| !has_keys(&Shape::of(self.root, any)))
        };
        if shape.taking("object").iter().any(|table| are_values(table)) {
            // names are free, and what they have is no table
            return Kind::Leaf(shape);
        }
        if has_keys(&shape) {
            return Kind::Table(schema, false);
        }
        let items = shape.taking("array").first().and_then(|list| list.get("items"));
        match items.filter(|items| has_keys(&Shape::of(self.root, items))) {
            // the list says what it is for, its items only what they are
            Some(items) => Kind::Table(items, true),
            None => Kind::Leaf(shape),
        }
    }

    /// Whether the schema, or what it refers to, is marked.
    fn is_marked(&self, schema: &Value) -> bool {
        let is_true = |schema: &Map<String, Value>| schema.get(MARK) == Some(&Value::Bool(true));
        schema.as_object().is_some_and(is_true)
            || Shape::of(self.root, schema).alternatives.iter().any(|schema| is_true(schema))
    }
}

enum Kind<'s> {
    Leaf(Shape<'s>),
    /// Its schema, and whether there may be several.
    Table(&'s Value, bool),
}

fn text<'s>(schema: Option<&'s Map<String, Value>>, key: &str) -> Option<&'s str> {
    schema?.get(key)?.as_str()
}
