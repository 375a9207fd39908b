//! The command line.

use super::{App, serve};
use crate::{
    config::{Config, Sources},
    registry::Registry,
};
use clap::{Args, Parser, Subcommand};
use std::{ffi::OsString, io::Write, path::PathBuf, process::ExitCode};

/// Serves Socket.IO events and HTTP routes with the handlers that are linked into this program.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    sources: SourceArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct SourceArgs {
    /// Folder with default.toml, <profile>.toml and local.toml [default: config, if it is there]
    #[arg(long, value_name = "DIR", global = true)]
    config: Option<PathBuf>,
    /// Which <profile>.toml to read: development, production or one of your own
    #[arg(long, value_name = "NAME", env = "LAMBDIO_PROFILE", global = true)]
    profile: Option<String>,
    /// Sets one key, above all files: --set server.port=8080. May be given several times
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until it is told to stop (the default)
    Serve,
    /// Lists every handler with namespace, event, file, line, and what it goes through: middleware, guard, deadline
    Handlers {
        /// As a JSON array
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(app: App, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // clap's own text: help and version are no failures
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = match load(cli.sources) {
        Err(error) => Err(error),
        Ok(config) => match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::serve(app, config).map_err(|error| error.to_string()),
            Command::Handlers { json } => list(&config, json),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn load(arguments: SourceArgs) -> Result<Config, String> {
    let sources = Sources {
        dir_required: arguments.config.is_some(),
        dir: arguments.config.unwrap_or_else(|| PathBuf::from("config")),
        profile: arguments.profile,
        environment: Sources::process_environment(),
        overrides: arguments.set,
    };
    Config::load(&sources).map_err(|errors| errors.to_string())
}

fn list(config: &Config, json: bool) -> Result<(), String> {
    let registry = Registry::collect(config).map_err(|problems| problems.to_string())?;
    let text = if json {
        serde_json::to_string_pretty(registry.listing()).map_err(|error| error.to_string())?
    } else {
        table(&registry)
    };
    // a closed pipe, as with `| head`, is no failure
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
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
