//! `handlers`: what is registered.

use super::output::print;
use crate::{config::Config, registry::Registry};
use clap::Args;

/// Lists every handler with namespace, event, file, line, and what it goes through: middleware, guard, deadline
///
/// Connect handlers, disconnect handlers and routes are listed as well. What the configuration says of them is taken into
/// account.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  {program} handlers --json | jq '.[] | select(.namespace == \"/chat\") | .event'"
)]
pub(super) struct Arguments {
    /// As a JSON array
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<(), String> {
    let registry = Registry::collect(config, None).map_err(|problems| problems.to_string())?;
    let text = if arguments.json {
        serde_json::to_string_pretty(registry.listing()).map_err(|error| error.to_string())?
    } else {
        table(&registry)
    };
    print(&text)
}

fn table(registry: &Registry) -> String {
    let listed = registry
        .listing()
        .iter()
        .map(|line| [line.serves(), line.function.to_owned(), format!("{}:{}", line.file, line.line), line.through()]);
    let entered = registry
        .connect_chains()
        .map(|(namespace, chain)| [format!("{namespace} (enter)"), String::new(), String::new(), chain.join(" > ")]);
    let rows: Vec<[String; 4]> = listed.chain(entered).collect();
    let widest = |text: fn(&[String; 4]) -> &str| rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0);
    let first = widest(|[serves, ..]| serves);
    let second = widest(|[_, function, ..]| function);
    let third = widest(|[_, _, place, _]| place);
    rows.iter()
        .map(|[serves, function, place, through]| {
            format!("{serves:first$}  {function:second$}  {place:third$}  {through}")
        })
        .collect::<Vec<_>>()
        .join("\n")
}
