//! Every key is explained in the shipped `default.toml`, and nothing else is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::leaves::{ANY, sections};
use super::super::schema::{Entry, Shape};
use super::super::{AppTable, describe, overrides};

const DEFAULT: &str = include_str!("../../../../config/default.toml");

/// The keys that stand in the file, also in comments: `# key = value`, `# [table]`. The application's own are left out.
fn named() -> Vec<Vec<String>> {
    let mut table = Vec::new();
    let mut found = Vec::new();
    for line in DEFAULT.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_start_matches('[').trim_end_matches(']');
            table = overrides::path(header).unwrap_or_default();
        } else if let Some((key, _)) = line.split_once(" = ")
            && let Some(path) = overrides::path(key)
            && !key.starts_with(char::is_whitespace)
        {
            found.push([table.clone(), path].concat());
        }
    }
    found.retain(|path| path.first().is_some_and(|first| first != "app"));
    found
}

/// The path as the schema has it, with [`ANY`] for names; `None` where there is no such key.
fn known(schema: &Value, path: &[String]) -> Option<Vec<String>> {
    let mut shape = Shape::of(schema, schema);
    let mut known = Vec::new();
    for part in path {
        if let Some(items) = shape.items() {
            shape = items;
        }
        let is_named = shape.keys().any(|key| key == part);
        match shape.entry(part) {
            Entry::Known(below) => shape = below,
            Entry::Free | Entry::Unknown => return None,
        }
        known.push(if is_named { part.clone() } else { ANY.to_owned() });
    }
    Some(known)
}

#[test]
fn every_key_is_explained_and_nothing_else() {
    let schema = describe::schema(&[]);
    let mut explained = BTreeSet::new();
    let mut unknown = Vec::new();
    for path in named() {
        match known(&schema, &path) {
            Some(path) => {
                explained.insert(path.join("."));
            }
            None => unknown.push(path.join(".")),
        }
    }
    assert!(unknown.is_empty(), "no settings: {unknown:#?}");
    let keys = sections(&schema).into_iter().flat_map(|section| {
        let path = section.path;
        section.leaves.into_iter().map(move |leaf| [path.as_slice(), &[leaf.name]].concat().join("."))
    });
    let missing: Vec<String> = keys.filter(|key| !explained.contains(key)).collect();
    assert!(missing.is_empty(), "not explained in config/default.toml: {missing:#?}");
}

#[test]
fn every_key_has_a_description_and_says_what_it_takes() {
    let schema = describe::schema(&[]);
    for section in sections(&schema) {
        assert!(section.description.is_some(), "{:?}", section.path);
        for leaf in section.leaves {
            assert!(leaf.description.is_some(), "{:?} {}", section.path, leaf.name);
            assert!(!leaf.shape.is_open() && !leaf.shape.expected().is_empty(), "{:?} {}", section.path, leaf.name);
        }
    }
}

#[test]
fn an_application_says_which_of_its_tables_a_reload_changes() {
    #[derive(serde::Deserialize, schemars::JsonSchema)]
    #[expect(dead_code, reason = "its schema is looked at")]
    struct Shop {
        open: bool,
    }
    let right = |_: &Shop| Vec::new();
    let schema = describe::schema(&[AppTable::of::<Shop>("once", right), AppTable::of::<Shop>("live", right).live()]);
    let keys = sections(&schema).into_iter().flat_map(|section| {
        let path = section.path.join(".");
        section.leaves.into_iter().map(move |leaf| (format!("{path}.{}", leaf.name), leaf.restart))
    });
    let own: BTreeSet<_> = keys.filter(|(key, _)| key.starts_with("app.")).collect();
    assert_eq!(own, BTreeSet::from([("app.live.open".to_owned(), false), ("app.once.open".to_owned(), true)]));
}
