//! The command line.
//!
//! - `sources`: the options that every command has.
//! - `serve` is the application's own [`serve`](super::serve).
//! - `check`: what keeps a server from starting.
//! - `config`: the settings in force.
//! - `schema`: what may be set.
//! - `handlers`: what is registered.
//! - `invoke`: calls one handler.
//! - `accounts`: who may log in.
//! - `completions`: for a shell.
//! - `output`: printing.

mod accounts;
mod check;
mod completions;
mod config;
mod handlers;
mod invoke;
mod output;
mod schema;
mod sources;

use super::{App, serve};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use sources::SourceArgs;
use std::{ffi::OsString, path::Path, process::ExitCode};

/// Serves Socket.IO events and HTTP routes with the handlers that are linked into this program.
///
/// Without a command it serves until it is told to stop. Settings are read from the directory `config`, the environment and
/// `--set`; all commands read them in the same way.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, after_long_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    sources: SourceArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

/// `{program}` is what the program was called as.
const EXAMPLES: &str = "\
Examples:
  {program}                                            serve, in the profile development
  {program} --profile production check --connect       would a server start?
  {program} --set server.port=8080 config server       which settings are in force, and where from
  {program} invoke /chat say '\"hello\"'                  call one handler

Exit codes:
  0  done; a server has stopped cleanly
  1  something is wrong, and standard error says what
  2  the command line cannot be understood";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until it is told to stop (the default)
    ///
    /// SIGTERM and SIGINT stop it: accepted work is finished within `server.shutdown_timeout`, then connections are closed. A
    /// second signal stops it at once.
    #[command(after_long_help = "Example:\n  {program} serve --profile production")]
    Serve,
    Check(check::Arguments),
    Config(config::Arguments),
    Schema(schema::Arguments),
    Handlers(handlers::Arguments),
    Invoke(invoke::Arguments),
    Accounts(accounts::Arguments),
    Completions(completions::Arguments),
}

pub(super) fn run(app: App, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let arguments = sources::gather(arguments.into_iter().map(Into::into).collect());
    let program = program(&arguments);
    let parsed = command(&program)
        .try_get_matches_from(arguments)
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // clap's own text: help and version are no failures
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match execute(app, cli, &program) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the command line says, or says what is wrong.
fn execute(app: App, cli: Cli, program: &str) -> Result<(), String> {
    let Cli { sources, command } = cli;
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(app, || sources.read()).map_err(|error| error.to_string()),
        Command::Check(arguments) => check::run(app, &sources.read(), &arguments),
        Command::Config(arguments) => config::run(&app, &sources.load()?, &arguments),
        Command::Schema(arguments) => schema::run(&app, program, &arguments),
        Command::Handlers(arguments) => handlers::run(&sources.load()?, &arguments),
        Command::Invoke(arguments) => invoke::run(app, sources.read(), &arguments),
        Command::Accounts(arguments) => accounts::run(&sources.load()?, arguments),
        Command::Completions(arguments) => completions::run(self::command(program), program, &arguments),
    }
}

/// What the program was called as, without its folder.
fn program(arguments: &[OsString]) -> String {
    let name = arguments.first().and_then(|first| Path::new(first).file_name());
    name.map_or_else(|| env!("CARGO_PKG_NAME").to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The command line, whose examples name the program.
fn command(program: &str) -> clap::Command {
    name_in_examples(Cli::command(), program)
}

fn name_in_examples(mut command: clap::Command, program: &str) -> clap::Command {
    if let Some(examples) = command.get_after_long_help() {
        let examples = examples.to_string().replace("{program}", program);
        command = command.after_long_help(examples);
    }
    let below: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    below
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, |below| name_in_examples(below, program)))
}
