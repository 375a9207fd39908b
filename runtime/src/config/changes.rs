//! What has changed since the settings were read.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::problem::dotted;
use super::restart::{self, Mark};
use super::schema::Shape;
use super::tree::Node;
use super::{Config, Settings};

/// More of a value is not shown.
const SHOWN: usize = 80;

/// The settings, read again.
pub(crate) struct Reread {
    /// As it was read: what a restart would find.
    pub read: Config,
    /// What is in use from now on: as read, but for what needs a restart. It has mistakes where these or those do not fit.
    pub config: Config,
    /// What is another value now, in the order of the keys.
    pub changes: Vec<Change>,
    /// What would be another value after a restart, in the order of the keys.
    pub waiting: Vec<Change>,
}

/// A setting that has changed. It shows as `events.timeout: "10s" -> "1s"`, of a secret and of the application's own only the
/// key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    key: String,
    values: Option<(String, String)>,
}

impl Config {
    /// Reads everything once more, and compares it with this, which is in use. Of the application's own tables, those for
    /// which `is_read_once` holds need a restart. Wrong settings are not compared.
    pub(crate) fn reread(&self, is_read_once: impl Fn(&str) -> bool) -> Reread {
        let read = self.read_again();
        if read.mistakes().is_some() {
            return Reread { config: read.clone(), read, changes: Vec::new(), waiting: Vec::new() };
        }
        let schema = Settings::schema().to_value();
        let comparison = Comparison { schema: &schema, old: Side::of(self), new: Side::of(&read) };
        let (mut changes, mut waiting, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for path in comparison.differences() {
            let own = path.split_first().filter(|(section, _)| *section == "app").and_then(|(_, rest)| rest.first());
            let change = comparison.change(&path);
            let held = match own {
                Some(name) => is_read_once(name).then(|| vec!["app".to_owned(), name.clone()]),
                None => comparison.held(&path),
            };
            match held {
                Some(path) => {
                    waiting.push(change);
                    kept.push(path);
                }
                None => changes.push(change),
            }
        }
        let own = read.files();
        let named = self.contents().changed_in(read.contents()).filter(|file| !own.iter().any(|own| own == file));
        changes.extend(named.map(Change::of_file));
        kept.dedup();
        let config = if kept.is_empty() { read.clone() } else { read.with_values_of(self, &kept) };
        Reread { read, config, changes, waiting }
    }
}

/// Settings in use, and settings that were read.
struct Comparison<'a> {
    schema: &'a Value,
    old: Side<'a>,
    new: Side<'a>,
}

struct Side<'a> {
    /// What was written.
    tree: &'a Node,
    /// The same with all defaults, but without secrets and the application's own.
    effective: Value,
}

impl<'a> Side<'a> {
    fn of(config: &'a Config) -> Self {
        Self { tree: config.tree(), effective: serde_json::to_value(config.settings()).unwrap_or_default() }
    }

    fn written(&self, path: &[String]) -> Option<Value> {
        let parts: Vec<_> = path.iter().map(String::as_str).collect();
        self.tree.get(&parts).map(Node::to_json)
    }

    fn effective(&self, path: &[String]) -> Option<&Value> {
        let mut value = &self.effective;
        for part in path {
            value = value.get(part)?;
        }
        Some(value).filter(|value| !value.is_null())
    }
}

impl Comparison<'_> {
    /// The paths of what differs, one a setting. A list is one setting.
    fn differences(&self) -> Vec<Vec<String>> {
        let mut paths = BTreeSet::new();
        for side in [&self.old, &self.new] {
            side.tree.leaves(&mut Vec::new(), &mut paths);
        }
        let differs = |path: &Vec<String>| {
            if self.is_hidden(path) {
                differ(self.old.written(path).as_ref(), self.new.written(path).as_ref())
            } else {
                differ(self.old.effective(path), self.new.effective(path))
            }
        };
        paths.into_iter().filter(differs).collect()
    }

    /// Where what stays until a restart is to be kept; `None` where it is taken over.
    fn held(&self, path: &[String]) -> Option<Vec<String>> {
        let marks = restart::marks(self.schema, path);
        let at = marks.iter().zip(1..).find_map(|(mark, length)| {
            let table = path.get(..length)?;
            match mark {
                Mark::Live => None,
                Mark::Restart => Some(path),
                Mark::Presence => {
                    let comes_or_goes = self.old.effective(table).is_some() != self.new.effective(table).is_some();
                    comes_or_goes.then_some(table)
                }
            }
        });
        at.map(<[String]>::to_vec)
    }

    fn change(&self, path: &[String]) -> Change {
        let show = |value: Option<&Value>| value.map_or_else(|| "(none)".to_owned(), shown);
        let values = (!self.is_hidden(path)).then(|| (show(self.old.effective(path)), show(self.new.effective(path))));
        Change { key: dotted(path), values }
    }

    /// Whether the value is not to be shown.
    fn is_hidden(&self, path: &[String]) -> bool {
        let is_own = path.first().is_some_and(|section| section == "app");
        is_own || Shape::of(self.schema, self.schema).at(path).is_none_or(|shape| shape.may_hold_secret())
    }
}

/// Whether two values are not the same. Of tables only whether they are there: what is in them has paths of its own.
fn differ(old: Option<&Value>, new: Option<&Value>) -> bool {
    match (old, new) {
        (Some(Value::Object(_)), Some(Value::Object(_))) => false,
        (Some(Value::Object(table)), None) | (None, Some(Value::Object(table))) => !table.is_empty(),
        _ => old != new,
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl Change {
    /// What is in a file that the settings name.
    fn of_file(file: &Path) -> Self {
        Self { key: format!("what is in {}", file.display()), values: None }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        match &self.values {
            Some((old, new)) => write!(f, ": {old} -> {new}"),
            None => Ok(()),
        }
    }
}
