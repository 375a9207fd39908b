//! A TOML file as a layer whose values know their lines.

use std::collections::BTreeSet;
use std::path::Path;

use ::config::{Map, Value};
use toml::de::DeTable;

use super::excerpt::excerpt;
use super::{Origin, Problem, file_bytes, toml_value};

/// Reads a file; `None` if there is none. A file with syntax errors gives only problems.
///
/// `plain` are the keys whose lines may be shown (see [`excerpt`]).
pub(super) fn read(path: &Path, plain: &BTreeSet<String>) -> Result<Option<Value>, Vec<Problem>> {
    let bytes = match file_bytes::read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(None),
        Err(error) => {
            return Err(vec![Problem::general(format!("{}: cannot be read: {error}", path.display()))]);
        }
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let origin = Lines::of(path, &String::from_utf8_lossy(good)).origin(good.len());
            return Err(vec![Problem::of(Vec::new(), Some(origin), "is not UTF-8, which TOML requires")]);
        }
    };
    parse(path, text, plain).map(|table| Some(Value::new(None, table)))
}

fn parse(path: &Path, text: &str, plain: &BTreeSet<String>) -> Result<Map<String, Value>, Vec<Problem>> {
    let lines = Lines::of(path, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(toml_value::table(table.get_ref(), &|span| Some(lines.origin(span.start).encode())));
    }
    let mut problems: Vec<Problem> = Vec::new();
    let mut reported = BTreeSet::new();
    for error in errors {
        let (line, column, content) = lines.locate(error.span().map_or(0, |span| span.start));
        // What follows the first mistake in a line is mostly its consequence.
        if reported.insert(line) {
            let origin = Origin::File { path: path.to_owned(), line, column };
            let hint = if error.message().contains("quote") { "" } else { quotes(content) };
            let mut problem = Problem::of(Vec::new(), Some(origin), format!("{}{hint}", error.message()));
            problem.excerpt = Some(excerpt(content, column, plain));
            problems.push(problem);
        }
    }
    Err(problems)
}

/// What to do with a value that is no number, and was meant as text.
fn quotes(line: &str) -> &'static str {
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let is_bare = value.starts_with(|c: char| c.is_alphanumeric() || c == ':' || c == '/');
    let is_text = value.contains(|c: char| c.is_alphabetic() || c == ':' || c == '/') || value.matches('.').count() > 1;
    if is_bare && is_text { "; text stands in quotes" } else { "" }
}

/// Where the lines of a text begin.
struct Lines<'t> {
    path: &'t Path,
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(path: &'t Path, text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { path, text, starts }
    }

    /// Line and column, from one, of a byte, and the line itself.
    fn locate(&self, byte: usize) -> (usize, usize, &'t str) {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let column = self.text.get(start..byte).map_or(0, |before| before.chars().count()) + 1;
        let content = self.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        (line, column, content)
    }

    fn origin(&self, byte: usize) -> Origin {
        let (line, column, _) = self.locate(byte);
        Origin::File { path: self.path.to_owned(), line, column }
    }
}
