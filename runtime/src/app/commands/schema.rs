//! `schema`: what may be set.

use super::output::print;
use crate::{App, config, registry};
use clap::Args;

/// Prints what may be set, as a JSON Schema for editors
///
/// The schema (draft 2020-12) has every key with its description, type, range and default, and the names of the namespaces,
/// events and routes that are linked into this program. A TOML file whose first line is `#:schema ./schema.json` is completed
/// and checked with it, for example by "Even Better TOML" in VS Code and by Taplo. The configuration itself is not read.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  {program} schema > config/schema.json
  {program} schema --markdown > docs/configuration.md")]
pub(super) struct Arguments {
    /// As a page for people: a table of keys for each section
    #[arg(long)]
    markdown: bool,
}

pub(super) fn run(app: &App, program: &str, arguments: &Arguments) -> Result<(), String> {
    if arguments.markdown {
        return print(config::reference(&app.tables).trim_end());
    }
    let schema = config::describe(program, &app.tables, &registry::Names::linked());
    print(&serde_json::to_string_pretty(&schema).map_err(|error| error.to_string())?)
}
