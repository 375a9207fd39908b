//! Turns the inspected settings into typed values.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use super::Problem;
use super::tree::Node;

/// Decodes a tree. What is wrong is reported and taken out, then it is tried again, so that all
/// mistakes are found. Where not everything could be read (`complete`), nothing is missing.
///
/// `None` if there is a mistake that cannot be taken out.
pub(super) fn decode<T: DeserializeOwned>(
    node: &mut Node,
    base: &[&str],
    complete: bool,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    loop {
        let error = match serde_path_to_error::deserialize(node.to_json()) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let below = segments(error.path());
        let path: Vec<_> = base.iter().map(|part| (*part).to_owned()).chain(below.iter().cloned()).collect();
        let message = error.inner().to_string();
        if let Some(field) = missing_field(&message)
            && (!complete || problems.iter().any(|problem| problem.is_of_entry(&path, field)))
        {
            // the table, of which the rest cannot be judged; a list as a whole, so that no entry takes another's place
            let end = below.iter().position(|part| part.parse::<usize>().is_ok()).unwrap_or(below.len());
            if !node.remove(below.get(..end).unwrap_or_default()) {
                return None;
            }
            continue;
        }
        let origin = innermost_origin(node, &below);
        problems.push(Problem::of(path, origin, message));
        if !node.remove(&below) {
            return None;
        }
    }
}

/// The key that serde misses: most often because its value was wrong.
fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split_once('`').map(|(field, _)| field)
}

fn segments(path: &Path) -> Vec<String> {
    let name = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().map_while(name).collect()
}

/// The origin of the value, else of the nearest table around it that was written somewhere.
fn innermost_origin(node: &Node, path: &[String]) -> Option<super::Origin> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    (0..=path.len()).rev().find_map(|end| node.get(path.get(..end)?)?.origin.clone())
}
