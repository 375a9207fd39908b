//! The JSON Schema that editors and people read: the settings, the application's own tables, and the names that a program's
//! handlers give to settings.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::Settings;
use super::app_table::AppTable;
use super::restart::MARK;
use crate::registry::Names;

/// The settings of one program: only its own namespaces, events and routes have settings.
pub(crate) fn describe(program: &str, tables: &[AppTable], names: &Names) -> Value {
    let mut schema = schema(tables);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), format!("Settings of {program}").into());
    }
    name_keys(&mut schema, "namespaces", names.namespaces.keys().copied(), |_, item| item.clone());
    name_keys(&mut schema, "handlers", names.namespaces.keys().copied(), |namespace, events| {
        let mut events = events.clone();
        let own = names.namespaces.get(namespace).into_iter().flatten().copied();
        name_properties(&mut events, own, |_, item| item.clone());
        events
    });
    name_keys(&mut schema, "routes", names.routes.iter().map(String::as_str), |_, item| item.clone());
    schema
}

/// The settings of any program with these tables of its own.
///
/// Other than [`Settings::schema`] it has no `null`, which TOML cannot say, and no defaults that only repeat others or hide
/// a secret.
pub(super) fn schema(tables: &[AppTable]) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let own: Map<String, Value> =
        tables.iter().map(|table| (table.name.to_owned(), own_table(table, &mut generator))).collect();
    let mut schema = generator.into_root_schema_for::<Settings>().to_value();
    if let Some(app) = schema.pointer_mut("/properties/app").and_then(Value::as_object_mut) {
        app.insert("properties".to_owned(), own.into());
    }
    tidy(&mut schema);
    schema
}

/// What an application declares of a table of its own.
fn own_table(table: &AppTable, generator: &mut SchemaGenerator) -> Value {
    let mut schema = (table.schema)(generator);
    if !table.live {
        schema.insert(MARK.to_owned(), true.into());
    }
    schema.to_value()
}

/// Lets a table of the root have these keys only, each with what `entry` makes of the schema that any key had.
fn name_keys<'n>(
    schema: &mut Value,
    table: &str,
    names: impl Iterator<Item = &'n str>,
    entry: impl Fn(&str, &Value) -> Value,
) {
    if let Some(table) = schema.pointer_mut(&format!("/properties/{table}")) {
        name_properties(table, names, entry);
    }
}

fn name_properties<'n>(table: &mut Value, names: impl Iterator<Item = &'n str>, entry: impl Fn(&str, &Value) -> Value) {
    let Some(table) = table.as_object_mut() else { return };
    let any = table.insert("additionalProperties".to_owned(), json!(false)).unwrap_or_default();
    let properties: Map<String, Value> = names.map(|name| (name.to_owned(), entry(name, &any))).collect();
    table.insert("properties".to_owned(), properties.into());
}

/// Takes out what TOML cannot say, and what tells nobody anything.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(schema) => {
            tidy_one(schema);
            schema.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

fn tidy_one(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&json!("null")));
        if let [Value::Object(only)] = &choices[..] {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.entry(key).or_insert(value);
            }
        }
    }
    let is_secret = schema.get("writeOnly") == Some(&json!(true));
    let says_nothing = |default: &Value| default.is_null() || default.is_object() || is_secret;
    if schema.get("default").is_some_and(says_nothing) {
        schema.remove("default");
    }
}
