//! Environment variables that are meant for a setting, and are called otherwise.

use std::collections::BTreeMap;

use serde_json::Value;

use super::environment::{PREFIX, variable};
use super::leaves::{ANY, sections};
use super::{Origin, Problem};

/// What every variable of this program begins with.
const PROGRAM: &str = "LAMBDIO_";

/// The one variable that is no setting.
const PROFILE: &str = "LAMBDIO_PROFILE";

/// Whether a variable is one of this program's, well spelt or not.
pub(super) fn is_ours(name: &str) -> bool {
    name.get(..PROGRAM.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(PROGRAM))
}

/// Variables whose names differ in case only: only one of them would count.
pub(super) fn doubled(variables: &[(String, String)]) -> Vec<Problem> {
    let mut seen = BTreeMap::new();
    let told = |name: &String| {
        let first = seen.insert(name.to_uppercase(), name.clone())?;
        let origin = Some(Origin::Environment { variable: name.clone() });
        Some(Problem::of(Vec::new(), origin, format!("{first} is the same setting; leave one of them out")))
    };
    let mut names: Vec<_> = variables.iter().map(|(name, _)| name).filter(|name| is_well_spelt(name)).collect();
    names.sort();
    names.into_iter().filter_map(told).collect()
}

/// Variables with too few underscores, such as `LAMBDIO_SERVER_PORT`: nobody would read them.
pub(super) fn misspelt(variables: &[(String, String)], schema: &Value) -> Vec<Problem> {
    let suspects: Vec<&String> =
        variables.iter().filter(|(name, value)| is_suspect(name, value)).map(|(name, _)| name).collect();
    if suspects.is_empty() {
        return Vec::new();
    }
    let told = |name: &&String| {
        let origin = Some(Origin::Environment { variable: (*name).clone() });
        let key = with_these_letters(name, schema, &[])?;
        let message = format!("no setting is called so; did you mean {}?", variable(&key));
        Some(Problem { meant: key, ..Problem::of(Vec::new(), origin, message) })
    };
    suspects.iter().filter_map(told).collect()
}

/// The key whose variable has the same name but for underscores and case. `base` is where the settings of the schema are.
pub(super) fn with_these_letters(name: &str, schema: &Value, base: &[String]) -> Option<Vec<String>> {
    let mut keys = keys(schema).into_iter().map(|key| [base, &key].concat());
    keys.find(|key| squashed(&variable(key)) == squashed(name))
}

/// Kubernetes makes variables such as `LAMBDIO_SERVER_PORT=tcp://10.0.0.7:3000` of the names of its services.
fn is_suspect(name: &str, value: &str) -> bool {
    is_ours(name) && !is_well_spelt(name) && name != PROFILE && !value.starts_with("tcp://")
}

fn is_well_spelt(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(PREFIX))
}

/// What is left of a name where underscores and case do not count.
fn squashed(name: &str) -> String {
    name.replace('_', "").to_uppercase()
}

/// All keys whose name is known, tables in lists as well.
fn keys(schema: &Value) -> Vec<Vec<String>> {
    let mut keys = Vec::new();
    for section in sections(schema).into_iter().filter(|section| !section.path.iter().any(|part| part == ANY)) {
        if section.is_list {
            keys.push(section.path);
            continue;
        }
        keys.extend(section.leaves.iter().map(|leaf| [&section.path[..], std::slice::from_ref(&leaf.name)].concat()));
    }
    keys
}
