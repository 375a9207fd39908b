//! Holds the merged settings against their schema.

use serde_json::Value;

use super::interpret::interpret;
use super::layer::Lost;
use super::problem::dotted;
use super::schema::{Entry, Shape};
use super::tree::{Content, Node};
use super::values::{kind, mistake, number_in_words};
use super::{Origin, Problem};

/// Checks a tree against a schema and takes out what does not fit, so that the rest can be decoded.
///
/// `base` is the path of the tree within all settings. Where not everything could be read (`complete`), nothing is missing.
pub(super) fn inspect(node: &mut Node, schema: &Value, base: &[&str], complete: bool) -> Vec<Problem> {
    let path = base.iter().map(|part| (*part).to_owned()).collect();
    let top = Shape::of(schema, schema);
    let mut inspection = Inspection { top, base: base.len(), complete, path, problems: Vec::new() };
    inspection.check(node, &Shape::of(schema, schema));
    inspection.problems
}

/// Checks the kind of what a higher layer put away; what is in it counts no more. Nothing of what is not at `base`.
pub(super) fn inspect_lost(lost: &Lost, schema: &Value, base: &[&str]) -> Vec<Problem> {
    let Some(mut node) = lost.tree.get(base).cloned() else { return Vec::new() };
    let mut problems = inspect(&mut node, schema, base, false);
    problems.retain(|problem| problem.path == lost.path);
    problems
}

/// A walk through a tree, and where it is.
pub(super) struct Inspection<'s> {
    pub top: Shape<'s>,
    /// How many parts of the path are above the tree.
    pub base: usize,
    complete: bool,
    pub path: Vec<String>,
    pub problems: Vec<Problem>,
}

impl Inspection<'_> {
    /// False if the value must be taken out.
    fn check(&mut self, node: &mut Node, shape: &Shape<'_>) -> bool {
        interpret(node, shape);
        if shape.is_open() {
            return true;
        }
        let (kind, found) = kind(&node.content);
        if shape.taking(kind).is_empty() {
            let found = number_in_words(&node.content, found, shape);
            let hint = self.brackets(node, shape);
            return self.report(node, format!("expected {}, found {found}{hint}", shape.expected()));
        }
        match &mut node.content {
            Content::Scalar(value) => match mistake(value, kind, shape) {
                Some(message) => self.report(node, message),
                None => true,
            },
            Content::List(items) => {
                let Some(shape) = shape.items() else {
                    return true;
                };
                let mut index = 0_usize;
                items.retain_mut(|item| {
                    self.path.push(index.to_string());
                    index += 1;
                    let keep = self.check(item, &shape);
                    self.path.pop();
                    keep
                });
                true
            }
            Content::Table(entries) => {
                let missing: Vec<_> = shape.required().into_iter().filter(|key| !entries.contains_key(*key)).collect();
                entries.retain(|key, entry| {
                    self.path.push(key.clone());
                    let keep = match shape.entry(key) {
                        Entry::Known(shape) => self.check(entry, &shape),
                        Entry::Free => self.check(entry, &Shape::of(&Value::Bool(true), &Value::Bool(true))),
                        Entry::Unknown => self.unknown(entry, shape),
                    };
                    self.path.pop();
                    keep
                });
                for key in missing {
                    // one that is misspelt was reported as such
                    let known = self.problems.iter().any(|problem| problem.is_of_entry(&self.path, key));
                    if known || !self.complete {
                        continue;
                    }
                    self.path.push(key.to_owned());
                    self.report(node, "is missing");
                    self.path.pop();
                }
                true
            }
        }
    }

    /// The header that was meant, where one of a table has too many brackets or too few.
    fn brackets(&self, node: &Node, shape: &Shape<'_>) -> String {
        let is_table = |node: &Node| matches!(node.content, Content::Table(_));
        let wants_tables = |shape: &Shape<'_>| !shape.taking("object").is_empty();
        let path = dotted(&self.path);
        match (&node.origin, &node.content) {
            (Some(Origin::File { .. }), Content::Table(_))
                if shape.items().is_some_and(|items| wants_tables(&items)) =>
            {
                format!("; write [[{path}]]")
            }
            (Some(Origin::File { .. }), Content::List(items)) if wants_tables(shape) && items.iter().all(is_table) => {
                format!("; write [{path}]")
            }
            _ => String::new(),
        }
    }

    fn report(&mut self, node: &Node, message: impl Into<String>) -> bool {
        self.problems.push(Problem::of(self.path.clone(), node.origin.clone(), message));
        false
    }
}
