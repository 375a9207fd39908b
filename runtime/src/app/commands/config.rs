//! `config`: the settings in force.

use super::output::print;
use crate::{
    App,
    config::{Config, Effective},
};
use clap::Args;

/// Shows the settings in force, and where each of them comes from
///
/// Prints TOML, which may be pasted: behind each value stands the file and line, the variable or the option that sets it, or
/// that it is a built-in default. Secrets are not shown, nor are settings of the application whose type it has not declared.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  {program} config
  {program} config server.port
  {program} config 'handlers.\"/chat\"'
  {program} --profile production config --changed
  {program} config --json | jq -r '.\"server.port\".value'")]
pub(super) struct Arguments {
    /// A key such as server.port, or a table such as server: show this alone
    key: Option<String>,
    /// Only what is written somewhere, without built-in defaults
    #[arg(long)]
    changed: bool,
    /// As a JSON object: by key, {"value": …, "origin": …}, or {"hidden": true, "origin": …}
    #[arg(long)]
    json: bool,
}

pub(super) fn run(app: &App, config: &Config, arguments: &Arguments) -> Result<(), String> {
    let mut effective = Effective::of(config, &app.tables);
    if arguments.changed {
        effective.forget_defaults();
    }
    if let Some(key) = &arguments.key {
        effective.narrow(key)?;
    }
    print(&if arguments.json { effective.to_json() } else { effective.to_toml() })
}
