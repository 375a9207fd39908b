//! Settings from environment variables.

use ::config::{Value, ValueKind};
use toml::de::DeValue;

use super::layer::{Merged, nest};
use super::{Origin, toml_value};

/// What the name of every variable begins with. `LAMBDIO_PROFILE` does not, and is no setting.
pub(super) const PREFIX: &str = "LAMBDIO__";

/// Stands between the parts of a name.
pub(super) const SEPARATOR: &str = "__";

/// Lays the variables that begin with [`PREFIX`] over the layers below.
pub(super) fn lay(variables: &[(String, String)], merged: &mut Merged) {
    let mut variables: Vec<_> = variables.iter().collect();
    variables.sort();
    for (name, text) in variables {
        let Some(parts) = parts(name) else { continue };
        let path = resolve(&merged.root, &parts);
        let origin = Origin::Environment { variable: name.clone() }.encode();
        merged.lay(nest(path, Value::new(Some(&origin), value(text, &origin))));
    }
}

/// The parts of a variable's name after the prefix, if it has the prefix.
pub(super) fn parts(name: &str) -> Option<Vec<&str>> {
    let (prefix, rest) = name.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then(|| rest.split(SEPARATOR).collect())
}

/// The variable that sets a key.
pub(super) fn variable<S: AsRef<str>>(path: &[S]) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.as_ref().to_uppercase()).collect();
    format!("{PREFIX}{}", parts.join(SEPARATOR))
}

/// A table is merged; anything else stays text until its type is known, so that a key of digits
/// stays a key.
pub(super) fn value(text: &str, origin: &str) -> ValueKind {
    match DeValue::parse(text.trim()) {
        Ok(value) if value.get_ref().is_table() => toml_value::kind(value.get_ref(), &|_| Some(origin.to_owned())),
        _ => ValueKind::String(text.to_owned()),
    }
}

/// Finds each part among the keys that are there already, whatever its case; our own keys are
/// lower-case.
fn resolve(below: &Value, parts: &[&str]) -> Vec<String> {
    let mut here = Some(below);
    let step = |part: &&str| {
        let table = match here.map(|value| &value.kind) {
            Some(ValueKind::Table(table)) => Some(table),
            _ => None,
        };
        let lower = part.to_lowercase();
        let present = table
            .filter(|table| !table.contains_key(&lower))
            .and_then(|table| table.keys().filter(|key| key.to_lowercase() == lower).min());
        let key = present.cloned().unwrap_or(lower);
        here = table.and_then(|table| table.get(&key));
        key
    };
    parts.iter().map(step).collect()
}
