//! The options that every command has: where settings come from.

use crate::config::{Config, Sources};
use clap::Args;
use std::{ffi::OsString, path::PathBuf};

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
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

impl SourceArgs {
    /// Reads the settings, or says everything that is wrong with them.
    pub fn load(self) -> Result<Config, String> {
        let config = self.read();
        match config.mistakes() {
            None => Ok(config),
            Some(mistakes) => Err(mistakes.to_string()),
        }
    }

    /// Reads the settings for what says together with their mistakes what else is wrong.
    pub fn read(self) -> Config {
        let sources = Sources {
            dir_required: self.config.is_some(),
            dir: self.config.unwrap_or_else(|| PathBuf::from("config")),
            profile: self.profile,
            environment: Sources::process_environment(),
            overrides: self.set,
        };
        Config::read(&sources)
    }
}

/// Puts every `--set` before the command, in the order they came: clap would take those behind a command in place of those
/// before it.
pub(super) fn gather(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut arguments = arguments.into_iter();
    let mut gathered: Vec<OsString> = arguments.next().into_iter().collect();
    let mut rest = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            rest.push(argument);
            break;
        } else if argument.to_string_lossy().starts_with("--set=") {
            gathered.push(argument);
        } else if argument == "--set"
            && let Some(value) = arguments.next()
        {
            gathered.extend([argument, value]);
        } else {
            rest.push(argument);
        }
    }
    gathered.into_iter().chain(rest).chain(arguments).collect()
}

#[cfg(test)]
mod tests {
    use super::gather;

    #[test]
    fn settings_count_before_and_after_a_command() {
        let gathered = |line: &str| {
            let gathered = gather(line.split(' ').map(Into::into).collect());
            gathered.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            gathered("app --set a=1 check --set b=2 --bind --set=c=3"),
            "app --set a=1 --set b=2 --set=c=3 check --bind"
        );
        assert_eq!(gathered("app invoke / e -- --set a=1"), "app invoke / e -- --set a=1");
        assert_eq!(gathered("app check --set"), "app check --set");
    }
}
