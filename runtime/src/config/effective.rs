//! The settings in force, each with where it comes from, without secrets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::app_table::AppTable;
use super::nearest::nearest;
use super::problem::dotted;
use super::schema::{Entry, Shape};
use super::{Config, EMBEDDED, Origin, describe, overrides, toml_text};

/// The settings in force, or a part of them.
pub(crate) struct Effective {
    path: Vec<String>,
    setting: Setting,
    schema: Value,
}

/// A value, or a table of them.
enum Setting {
    /// `None` where it is not shown.
    Value {
        shown: Option<Value>,
        origin: Option<Origin>,
    },
    /// Its value is none, which TOML cannot say.
    Unset,
    Table(BTreeMap<String, Setting>),
    /// Several tables, `[[path]]`.
    Tables(Vec<Setting>),
}

/// What is in the names of an application's keys that hold secrets.
const SECRETIVE: [&str; 6] = ["password", "secret", "token", "key", "credential", "passphrase"];

impl Effective {
    /// Everything. Of the application's settings those are shown whose type it has declared, unless their name or their type
    /// says that they are secret.
    pub(crate) fn of(config: &Config, tables: &[AppTable]) -> Self {
        let schema = describe::schema(tables);
        let mut values = serde_json::to_value(config.settings()).unwrap_or_default();
        if let Some(values) = values.as_object_mut() {
            values.insert("app".to_owned(), app(config, tables, &schema));
        }
        let setting = Reader { config, path: Vec::new() }.read(values, Some(&Shape::of(&schema, &schema)));
        Self { path: Vec::new(), setting, schema }
    }

    /// Leaves out what is written nowhere.
    pub(crate) fn forget_defaults(&mut self) {
        forget_defaults(&mut self.setting);
    }

    /// Keeps what is at this key alone.
    ///
    /// # Errors
    /// There is no such key; the message has the nearest one.
    pub(crate) fn narrow(&mut self, key: &str) -> Result<(), String> {
        let path = overrides::path(key).ok_or_else(|| {
            format!("{key:?} is not a key; parts with other characters than letters, digits, - and _ need quotes")
        })?;
        self.check(&path)?;
        for part in &path {
            self.setting = match std::mem::replace(&mut self.setting, Setting::Unset) {
                Setting::Table(mut entries) => entries.remove(part).unwrap_or(Setting::Unset),
                _ => Setting::Unset,
            };
        }
        self.path = path;
        Ok(())
    }

    /// Whether the settings may have this key.
    fn check(&self, path: &[String]) -> Result<(), String> {
        let mut shape = Shape::of(&self.schema, &self.schema);
        let top = Shape::of(&self.schema, &self.schema);
        for (index, part) in path.iter().enumerate() {
            let above = path.get(..index).unwrap_or_default();
            match shape.entry(part) {
                Entry::Known(below) => shape = below,
                Entry::Free if shape.taking("object").is_empty() => {
                    return Err(format!("{} is no table", dotted(above)));
                }
                Entry::Free => return Ok(()),
                Entry::Unknown => {
                    let near = nearest(part, shape.keys()).map(|near| [above, &[near.to_owned()]].concat());
                    let near = near.or_else(|| top.elsewhere(part));
                    let hint = near.map(|near| format!("; did you mean {}?", dotted(&near))).unwrap_or_default();
                    let key = path.get(..=index).unwrap_or_default();
                    return Err(format!("there is no key {}{hint}", dotted(key)));
                }
            }
        }
        Ok(())
    }

    /// As TOML, with a comment behind each value. What is not shown is a comment alone.
    pub(crate) fn to_toml(&self) -> String {
        let mut text = String::new();
        // writing to a string does not fail
        let _ = match &self.setting {
            Setting::Unset => writeln!(text, "# {} is not set", dotted(&self.path)),
            Setting::Value { shown, origin } => {
                write_value(&mut text, &dotted(&self.path), shown.as_ref(), origin.as_ref())
            }
            Setting::Table(_) | Setting::Tables(_) => write_tables(&mut text, &self.path, &self.setting),
        };
        let text = text.trim();
        if text.is_empty() { "# nothing is set".to_owned() } else { text.to_owned() }
    }

    /// As one JSON object: by key its value and its origin.
    pub(crate) fn to_json(&self) -> String {
        let mut found = Map::new();
        flatten(&self.setting, &mut self.path.clone(), &mut found);
        format!("{:#}", Value::Object(found))
    }
}

/// The application's tables, with the defaults that their types declare.
fn app(config: &Config, tables: &[AppTable], schema: &Value) -> Value {
    let root = Shape::of(schema, schema);
    let mut app: Map<String, Value> =
        config.settings().app.iter().map(|(name, table)| (name.clone(), table.clone().into())).collect();
    for table in tables {
        let Entry::Known(all) = root.entry("app") else { continue };
        let Entry::Known(shape) = all.entry(table.name) else { continue };
        let own = app.entry(table.name).or_insert_with(|| json!({}));
        let Some(own) = own.as_object_mut() else { continue };
        for object in shape.taking("object") {
            for (key, schema) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if let Some(default) = schema.get("default") {
                    own.entry(key).or_insert_with(|| default.clone());
                }
            }
        }
    }
    app.into()
}

/// Puts values, their schema and their origins together.
struct Reader<'c> {
    config: &'c Config,
    path: Vec<String>,
}

impl Reader<'_> {
    /// Without a shape nothing is known of the value.
    fn read(&mut self, value: Value, shape: Option<&Shape<'_>>) -> Setting {
        match value {
            Value::Null => Setting::Unset,
            Value::Object(entries) => {
                let mut table = BTreeMap::new();
                for (key, value) in entries {
                    let below = match shape.map(|shape| shape.entry(&key)) {
                        Some(Entry::Known(below)) => Some(below),
                        _ => None,
                    };
                    self.path.push(key.clone());
                    table.insert(key, self.read(value, below.as_ref()));
                    self.path.pop();
                }
                Setting::Table(table)
            }
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                let below = shape.and_then(Shape::items);
                let mut tables = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    self.path.push(index.to_string());
                    tables.push(self.read(item, below.as_ref()));
                    self.path.pop();
                }
                Setting::Tables(tables)
            }
            value => {
                let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
                Setting::Value { shown: self.shown(value, shape), origin: self.config.origin(&path).cloned() }
            }
        }
    }

    /// The value, where it may be shown.
    fn shown(&self, value: Value, shape: Option<&Shape<'_>>) -> Option<Value> {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        if path == ["mongo", "uri"] {
            let uri = self.config.settings().mongo.uri.expose();
            return tells_no_secret(uri).then(|| uri.into());
        }
        let shape = shape.filter(|shape| !shape.is_open() && !shape.is_secret())?;
        let holds_secrets = shape.items().is_some_and(|items| items.is_open() || items.is_secret());
        let secretive = |part: &&str| SECRETIVE.iter().any(|word| part.to_lowercase().contains(word));
        let is_application_secret = path.first() == Some(&"app") && path.iter().any(secretive);
        (!holds_secrets && !is_application_secret).then_some(value)
    }
}

/// Whether an address of a database is hosts and a name alone: neither user nor options.
fn tells_no_secret(uri: &str) -> bool {
    let Some((_, rest)) = uri.split_once("://") else { return uri == EMBEDDED };
    rest.chars().all(|c| c.is_ascii_alphanumeric() || ".:,-_/[]".contains(c))
}

fn forget_defaults(setting: &mut Setting) {
    match setting {
        Setting::Value { origin: None, .. } => *setting = Setting::Unset,
        Setting::Value { .. } | Setting::Unset => {}
        Setting::Table(entries) => entries.values_mut().for_each(forget_defaults),
        Setting::Tables(tables) => tables.iter_mut().for_each(forget_defaults),
    }
}

/// A table's values, then the tables in it.
fn write_tables(text: &mut String, path: &[String], setting: &Setting) -> std::fmt::Result {
    match setting {
        Setting::Table(entries) => {
            let has_values = entries.values().any(|entry| matches!(entry, Setting::Value { .. }));
            if has_values && !path.is_empty() {
                writeln!(text, "\n[{}]", dotted(path))?;
            }
            write_entries(text, path, entries)
        }
        Setting::Tables(tables) => tables.iter().try_for_each(|table| {
            writeln!(text, "\n[[{}]]", dotted(path))?;
            match table {
                Setting::Table(entries) => write_entries(text, path, entries),
                _ => Ok(()),
            }
        }),
        Setting::Value { .. } | Setting::Unset => Ok(()),
    }
}

fn write_entries(text: &mut String, path: &[String], entries: &BTreeMap<String, Setting>) -> std::fmt::Result {
    for (name, entry) in entries {
        if let Setting::Value { shown, origin } = entry {
            write_value(text, &dotted(&[name]), shown.as_ref(), origin.as_ref())?;
        }
    }
    for (name, entry) in entries {
        write_tables(text, &[path, std::slice::from_ref(name)].concat(), entry)?;
    }
    Ok(())
}

fn write_value(text: &mut String, key: &str, shown: Option<&Value>, origin: Option<&Origin>) -> std::fmt::Result {
    let place = place(origin);
    match shown.and_then(toml_text::of) {
        Some(value) => writeln!(text, "{key} = {value}  # {place}"),
        None => writeln!(text, "# {key} is not shown  # {place}"),
    }
}

fn place(origin: Option<&Origin>) -> String {
    origin.map_or_else(|| "built-in default".to_owned(), ToString::to_string)
}

fn flatten(setting: &Setting, path: &mut Vec<String>, found: &mut Map<String, Value>) {
    match setting {
        Setting::Unset => {}
        Setting::Value { shown, origin } => {
            let origin = place(origin.as_ref());
            let entry = match shown {
                Some(value) => json!({ "value": value, "origin": origin }),
                None => json!({ "hidden": true, "origin": origin }),
            };
            found.insert(dotted(path), entry);
        }
        Setting::Table(entries) => {
            for (name, entry) in entries {
                path.push(name.clone());
                flatten(entry, path, found);
                path.pop();
            }
        }
        Setting::Tables(tables) => {
            for (index, table) in tables.iter().enumerate() {
                path.push(index.to_string());
                flatten(table, path, found);
                path.pop();
            }
        }
    }
}
