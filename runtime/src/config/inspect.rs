//! Holds the merged settings against their schema.

use std::borrow::Cow;
use std::net::IpAddr;

use serde_json::Value;

use super::environment::{parts, variable};
use super::interpret::interpret;
use super::layer::Lost;
use super::misspelt::with_these_letters;
use super::nearest::nearest;
use super::problem::dotted;
use super::schema::{Entry, Shape};
use super::tree::{Content, Node};
use super::{Origin, Problem};

/// More valid keys than this are not listed.
const LISTED_KEYS: usize = 16;

/// No integer of a setting is as large: 2 to the power of 63.
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

/// Checks a tree against a schema and takes out what does not fit, so that the rest can be decoded.
///
/// `base` is the path of the tree within all settings. Where not everything could be read (`complete`), nothing is missing.
pub(super) fn inspect(node: &mut Node, schema: &Value, base: &[&str], complete: bool) -> Vec<Problem> {
    let shape = Shape::of(schema, schema);
    let path = base.iter().map(|part| (*part).to_owned()).collect();
    let top = Shape::of(schema, schema);
    let mut inspection = Inspection { top, base: base.len(), complete, path, problems: Vec::new() };
    inspection.check(node, &shape);
    inspection.problems
}

/// Checks the kind of what a higher layer put away; what is in it counts no more. Nothing of what is not at `base`.
pub(super) fn inspect_lost(lost: &Lost, schema: &Value, base: &[&str]) -> Vec<Problem> {
    let Some(mut node) = lost.tree.get(base).cloned() else { return Vec::new() };
    let mut problems = inspect(&mut node, schema, base, false);
    problems.retain(|problem| problem.path == lost.path);
    problems
}

struct Inspection<'s> {
    top: Shape<'s>,
    base: usize,
    complete: bool,
    path: Vec<String>,
    problems: Vec<Problem>,
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

    fn unknown(&mut self, node: &Node, parent: &Shape<'_>) -> bool {
        let mut origins = Vec::new();
        node.leaf_origins(&mut origins);
        let variables: Vec<_> =
            origins.into_iter().filter(|origin| matches!(origin, Origin::Environment { .. })).collect();
        let table_in_file = matches!(node.origin, Some(Origin::File { .. } | Origin::CommandLine));
        // within what a variable says; its name is right
        let is_within = |origin: &&Origin| match origin {
            Origin::Environment { variable } => parts(variable).is_some_and(|parts| parts.len() < self.path.len()),
            _ => false,
        };
        if table_in_file || variables.iter().any(is_within) || variables.is_empty() {
            let hint = self.hint(parent);
            let problem = Problem::of(self.path.clone(), node.origin.clone(), format!("unknown key{hint}"));
            self.problems.push(Problem { meant: self.suggestion(parent).unwrap_or_default(), ..problem });
            return false;
        }
        for origin in variables {
            let meant = self.meant_by(origin, parent);
            let hint = self.variable_hint(meant.as_deref(), parent);
            let problem = Problem::of(Vec::new(), Some(origin.clone()), format!("unknown variable{hint}"));
            self.problems.push(Problem { meant: meant.unwrap_or_default(), ..problem });
        }
        false
    }

    /// `; did you mean server.port?`, else the valid keys if they are few.
    fn hint(&self, parent: &Shape<'_>) -> String {
        if let Some(path) = self.suggestion(parent) {
            return format!("; did you mean {}?", dotted(&path));
        }
        let keys: Vec<_> = parent.keys().collect();
        if self.counts_sockets_of_none(parent) {
            return format!("; only events come from sockets; valid keys are {}", keys.join(", "));
        }
        if keys.is_empty() || keys.len() > LISTED_KEYS {
            return String::new();
        }
        format!("; valid keys are {}", keys.join(", "))
    }

    /// The key that a variable was probably meant for: one with the same letters, whose underscores are others, else one like
    /// it.
    fn meant_by(&self, origin: &Origin, parent: &Shape<'_>) -> Option<Vec<String>> {
        let Origin::Environment { variable: given } = origin else { return None };
        let base = self.path.get(..self.base).unwrap_or_default();
        with_these_letters(given, self.top.root(), base).or_else(|| {
            let below = parts(given).unwrap_or_default().into_iter().skip(self.path.len()).map(str::to_owned);
            Some(self.suggestion(parent)?.into_iter().chain(below).collect())
        })
    }

    fn variable_hint(&self, meant: Option<&[String]>, parent: &Shape<'_>) -> String {
        if let Some(path) = meant {
            return format!("; did you mean {}?", variable(path));
        }
        if self.path == ["profile"] {
            return "; did you mean LAMBDIO_PROFILE?".to_owned();
        }
        let above = self.path.split_last().map(|(_, above)| above).unwrap_or_default();
        let names: Vec<_> = parent.keys().map(|key| variable(&[above, &[key.to_owned()]].concat())).collect();
        if names.is_empty() || names.len() > LISTED_KEYS {
            return String::new();
        }
        format!("; valid variables begin with {}", names.join(", "))
    }

    /// Whether it is a limit for each socket in the place of one for clients, of whom nobody has a socket there.
    fn counts_sockets_of_none(&self, parent: &Shape<'_>) -> bool {
        self.path.last().is_some_and(|key| key == "per_socket") && parent.keys().any(|key| key == "per_address")
    }

    /// The key that was probably meant: one of the same name elsewhere, else one beside it with a similar name.
    fn suggestion(&self, parent: &Shape<'_>) -> Option<Vec<String>> {
        if self.counts_sockets_of_none(parent) {
            return None;
        }
        let (last, above) = self.path.split_last()?;
        let base = self.path.get(..self.base)?;
        if let Some(path) = self.top.elsewhere(last) {
            return Some([base, &path].concat());
        }
        nearest(last, parent.keys()).map(|near| [above, &[near.to_owned()]].concat())
    }
}

/// The JSON type of a value, and what to call it.
fn kind(content: &Content) -> (&'static str, &'static str) {
    match content {
        Content::Scalar(Value::Bool(_)) => ("boolean", "a boolean"),
        Content::Scalar(Value::Number(number)) if number.is_f64() => ("number", "a number that is no integer"),
        Content::Scalar(Value::Number(_)) => ("integer", "an integer"),
        Content::Scalar(Value::String(_)) => ("string", "a string"),
        Content::Scalar(_) => ("null", "nothing"),
        Content::List(_) => ("array", "a list"),
        Content::Table(_) => ("object", "a table"),
    }
}

/// What to call a number that JSON cannot hold, or no setting: itself.
fn number_in_words<'f>(content: &Content, found: &'f str, shape: &Shape<'_>) -> Cow<'f, str> {
    let wants_number = ["integer", "number"].iter().any(|kind| !shape.taking(kind).is_empty());
    match content {
        Content::Scalar(Value::String(text)) if wants_number && text.parse::<f64>().is_ok_and(|n| !n.is_finite()) => {
            text.to_ascii_lowercase().into()
        }
        Content::Scalar(Value::Number(number)) if number.as_f64().is_some_and(|n| n.abs() >= TOO_LARGE) => {
            "a number that is too large".into()
        }
        _ => found.into(),
    }
}

/// What is wrong with a value of the right type.
fn mistake(value: &Value, kind: &str, shape: &Shape<'_>) -> Option<String> {
    if let Value::String(text) = value {
        if shape.is_address() && text.parse::<IpAddr>().is_err() {
            return Some(format!("expected {}, found {text:?}", shape.expected()));
        }
        let words = shape.words()?;
        if words.contains(&text.as_str()) {
            return None;
        }
        let near = nearest(text, words).map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        return Some(format!("expected {}, found {text:?}{near}", shape.expected()));
    }
    let [schema] = shape.taking(kind)[..] else {
        return None;
    };
    let found = value.as_f64()?;
    let below = schema.get("minimum").and_then(Value::as_f64).is_some_and(|min| found < min);
    let above = schema.get("maximum").and_then(Value::as_f64).is_some_and(|max| found > max);
    (below || above).then(|| format!("expected {}, found {value}", shape.expected()))
}
