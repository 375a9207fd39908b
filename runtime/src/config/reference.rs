//! The reference of all settings, as a page for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::app_table::AppTable;
use super::describe;
use super::leaves::{ANY, Leaf, Section, sections};
use super::problem::dotted;
use super::restart::{self, Mark};
use super::toml_text;

const HEAD: &str = "\
# Configuration

<!-- Made by `cargo run -- schema --markdown > docs/configuration.md`. Do not edit: the texts are the comments in the source. -->

A setting is looked for in layers; a higher one wins: built-in defaults, `default.toml`, `<profile>.toml`, `local.toml`,
environment (`LAMBDIO__SERVER__PORT=8080`), `--set server.port=8080`. Durations are text (`\"500ms\"`, `\"2s\"`, `\"1h 30m\"`), sizes
text or a number of bytes (`\"64KiB\"`, `65536`), rates text (`\"20/s\"`, `\"100/min\"`, `\"1000/h\"`).

A change of a *live* setting counts while the server runs; of the others from the next *restart* on.
";

/// A page in Markdown with a table for each section, the application's own among them.
pub(crate) fn reference(tables: &[AppTable]) -> String {
    let schema = describe::schema(tables);
    let mut page = HEAD.to_owned();
    for section in sections(&schema) {
        // writing to a string does not fail
        let _ = write_section(&mut page, &schema, &section);
    }
    page
}

fn write_section(page: &mut String, schema: &Value, section: &Section<'_>) -> std::fmt::Result {
    let (open, close) = if section.is_list { ("[[", "]]") } else { ("[", "]") };
    writeln!(page, "\n## `{open}{}{close}`\n", dotted(&placeholders(&section.path)))?;
    if let Some(description) = section.description {
        writeln!(page, "{}\n", description.trim())?;
    }
    if restart::marks(schema, &section.path).last() == Some(&Mark::Presence) {
        writeln!(page, "Whether there is this table counts from the next *restart* on.\n")?;
    }
    writeln!(page, "| key | value | default | change | |\n|---|---|---|---|---|")?;
    for leaf in &section.leaves {
        let default = leaf.default.and_then(toml_text::of).map(|text| format!("`{text}`")).unwrap_or_default();
        let change = if leaf.restart { "restart" } else { "live" };
        let description = leaf.description.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let cells = [format!("`{}`", leaf.name), kind(leaf), default, change.to_owned(), description];
        writeln!(page, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))?;
    }
    Ok(())
}

/// What may be set, in words.
fn kind(leaf: &Leaf<'_>) -> String {
    if leaf.shape.is_open() {
        return "anything".to_owned();
    }
    match leaf.shape.items() {
        Some(items) if !items.is_open() => format!("a list, each {}", items.expected()),
        _ => leaf.shape.expected(),
    }
}

/// The names that stand for any name.
fn placeholders(path: &[String]) -> Vec<&str> {
    let table = path.first().map(String::as_str);
    let name = |(index, part)| match (table, index) {
        _ if part != ANY => part,
        (Some("namespaces" | "handlers"), 1) => "/namespace",
        (Some("handlers"), 2) => "event",
        (Some("routes"), 1) => "METHOD /path",
        _ => "name",
    };
    path.iter().map(String::as_str).enumerate().map(name).collect()
}
