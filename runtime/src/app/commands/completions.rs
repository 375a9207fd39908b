//! `completions`: for a shell.

use super::output::print;
use clap::Args;
use clap_complete::{Shell, generate};

/// Prints a script that completes commands and options in a shell
///
/// Written to where the shell looks for such scripts, it completes what is typed after the program's name.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  {program} completions bash > ~/.local/share/bash-completion/completions/{program}
  {program} completions zsh > ~/.zfunc/_{program}
  {program} completions fish > ~/.config/fish/completions/{program}.fish")]
pub(super) struct Arguments {
    /// Which shell
    shell: Shell,
}

pub(super) fn run(mut command: clap::Command, program: &str, arguments: &Arguments) -> Result<(), String> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, program, &mut script);
    print(String::from_utf8(script).map_err(|error| error.to_string())?.trim_end())
}
