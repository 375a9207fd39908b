//! The merged settings before they are decoded, each with its origin.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value};

use super::Origin;

/// One value and where it was written. The root has no origin.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) origin: Option<Origin>,
    pub(super) content: Content,
}

#[derive(Clone)]
pub(super) enum Content {
    /// A string, a number or a boolean.
    Scalar(Value),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Node {
    /// An empty table that was written nowhere.
    pub(super) fn empty() -> Self {
        Self { origin: None, content: Content::Table(BTreeMap::new()) }
    }

    pub(super) fn get(&self, path: &[&str]) -> Option<&Node> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        match &self.content {
            Content::Scalar(_) => None,
            Content::List(items) => items.get(first.parse::<usize>().ok()?)?.get(rest),
            Content::Table(entries) => entries.get(*first)?.get(rest),
        }
    }

    /// Where a value was written; of one within text from the environment or the command line, where that was.
    pub(super) fn origin_of(&self, path: &[&str]) -> Option<&Origin> {
        match self.get(path) {
            Some(node) => node.origin.as_ref(),
            None => {
                let above = (1..path.len()).rev().find_map(|end| self.get(path.get(..end)?))?;
                matches!(above.content, Content::Scalar(_)).then_some(above.origin.as_ref())?
            }
        }
    }

    /// Puts a value in, in place of what is there, or takes out what is there. Tables on the way are made.
    pub(super) fn put(&mut self, path: &[String], value: Option<Self>) {
        let Some(value) = value else {
            self.remove(path);
            return;
        };
        let Some((first, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if !matches!(self.content, Content::Table(_)) {
            *self = Self::empty();
        }
        if let Content::Table(entries) = &mut self.content {
            entries.entry(first.clone()).or_insert_with(Self::empty).put(rest, Some(value));
        }
    }

    /// The paths of everything in here that is no table; of tables without content, too.
    pub(super) fn leaves(&self, path: &mut Vec<String>, found: &mut BTreeSet<Vec<String>>) {
        match &self.content {
            Content::Table(entries) if !entries.is_empty() => {
                for (name, entry) in entries {
                    path.push(name.clone());
                    entry.leaves(path, found);
                    path.pop();
                }
            }
            _ => {
                found.insert(path.clone());
            }
        }
    }

    /// Takes a value out; false if it is not there.
    pub(super) fn remove(&mut self, path: &[String]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return false;
        };
        match &mut self.content {
            Content::Scalar(_) => false,
            Content::List(items) => match first.parse::<usize>() {
                Ok(index) if index < items.len() && rest.is_empty() => {
                    items.remove(index);
                    true
                }
                Ok(index) => items.get_mut(index).is_some_and(|item| item.remove(rest)),
                Err(_) => false,
            },
            Content::Table(entries) if rest.is_empty() => entries.remove(first).is_some(),
            Content::Table(entries) => entries.get_mut(first).is_some_and(|entry| entry.remove(rest)),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(Self::to_json).collect(),
            Content::Table(entries) => {
                let entries = entries.iter().map(|(name, node)| (name.clone(), node.to_json()));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }

    /// The origins of all values in here, the node's own where it is no table.
    pub(super) fn leaf_origins<'n>(&'n self, found: &mut Vec<&'n Origin>) {
        match &self.content {
            Content::Table(entries) if !entries.is_empty() => {
                for entry in entries.values() {
                    entry.leaf_origins(found);
                }
            }
            _ => found.extend(&self.origin),
        }
    }
}

impl From<::config::Value> for Node {
    fn from(value: ::config::Value) -> Self {
        use ::config::ValueKind;

        let origin = value.origin().and_then(Origin::decode);
        let content = match value.kind {
            ValueKind::Nil => Content::Scalar(Value::Null),
            ValueKind::Boolean(value) => Content::Scalar(value.into()),
            ValueKind::I64(value) => Content::Scalar(value.into()),
            ValueKind::U64(value) => Content::Scalar(value.into()),
            ValueKind::I128(value) => Content::Scalar(Number::from_i128(value).into()),
            ValueKind::U128(value) => Content::Scalar(Number::from_u128(value).into()),
            // JSON has no infinity and no NaN; their names are the wrong type wherever a number is
            // expected.
            ValueKind::Float(value) => {
                Content::Scalar(Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number))
            }
            ValueKind::String(value) => Content::Scalar(value.into()),
            ValueKind::Array(items) => Content::List(items.into_iter().map(Self::from).collect()),
            ValueKind::Table(entries) => {
                Content::Table(entries.into_iter().map(|(name, value)| (name, Self::from(value))).collect())
            }
        };
        Self { origin, content }
    }
}
