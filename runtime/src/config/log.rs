//! `[log]`: what is logged, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use std::time::Duration;

use super::duration::{self, HumanDuration};
use super::nearest::nearest;
use super::review::Review;

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

/// What a filter looks like.
const EXAMPLE: &str = "write a level, and levels by target, as in \"info,lambdio=debug\"";

/// Fields whose values are hidden unless the settings say otherwise.
const HIDDEN: [&str; 16] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "client_secret",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "authorization",
    "cookie",
    "set-cookie",
    "api_key",
    "apikey",
    "private_key",
    "credentials",
];

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A level (trace, debug, info, warn, error, off), or levels by target such as
    /// "info,lambdio=debug". Default "info".
    pub level: String,
    /// "text" for people (the default), "json" for one JSON object a line.
    pub format: LogFormat,
    /// The share of invocations that were served well and are told at `info`, from 0.0 to 1.0; the others are told at `debug`.
    /// Default 0.0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sample_served: f64,
    /// Invocations that run longer than this are warned of, without the time in which they wait for their turn, or for the
    /// body of a request. Default "1s"; "0s" is off.
    #[serde(with = "duration")]
    #[schemars(with = "HumanDuration")]
    pub slow_invocation: Duration,
    /// Handlers that hold a thread of the server for longer than this without `.await` are warned of, while they do. Default
    /// "250ms"; "0s" is off. Handlers marked `blocking` have threads of their own.
    #[serde(with = "duration")]
    #[schemars(with = "HumanDuration")]
    pub blocked_thread: Duration,
    /// Names of fields whose values are written as `[redacted]`: whole names, or what is behind their last dot. Case does not
    /// matter. Default: password, secret, token, cookie and the like.
    pub redact: Vec<String>,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// What helps to find a mistake.
    Debug,
    /// What an operator may like to know.
    Info,
    /// What an operator should know.
    Warn,
    /// What somebody has to mend.
    Error,
    /// Nothing.
    Off,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Text,
            sample_served: 0.0,
            slow_invocation: Duration::from_secs(1),
            blocked_thread: Duration::from_millis(250),
            redact: HIDDEN.map(str::to_owned).to_vec(),
        }
    }
}

impl Log {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        if self.level.trim().is_empty() {
            review.reject(&["log", "level"], format!("must not be empty; levels are {}", LEVELS.join(", ")));
        } else {
            for reason in split_directives(&self.level).filter_map(|directive| check_directive(directive.trim()).err())
            {
                review.reject(&["log", "level"], reason);
            }
        }
        review.not_endless(&["log", "slow_invocation"], self.slow_invocation);
        review.not_endless(&["log", "blocked_thread"], self.blocked_thread);
        if self.redact.iter().any(String::is_empty) {
            review.reject(&["log", "redact"], "a name must not be empty");
        }
    }
}

/// Splits at the commas that are not inside a span filter such as `[request{id=1,user=2}]`.
fn split_directives(filter: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    filter.split(move |c| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

/// Stricter than the filter's own grammar, which takes a misspelt level for the name of a target.
fn check_directive(directive: &str) -> Result<(), String> {
    let level = match directive.rsplit_once('=') {
        _ if directive.is_empty() => return Err(format!("has a comma with nothing beside it; {EXAMPLE}")),
        Some(("", _)) => return Err(format!("{directive:?} has no target before its =; {EXAMPLE}")),
        // a span without a level
        Some((_, level)) if level.ends_with(['}', ']']) => None,
        Some((_, level)) => Some(level.trim()),
        None => Some(directive),
    };
    if let Some(level) = level
        && !LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level))
    {
        let suggestion = nearest(level, LEVELS).map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        return Err(format!("{level:?} is not a level; levels are {}{suggestion}", LEVELS.join(", ")));
    }
    // the same reader reads it again when it takes effect
    match EnvFilter::builder().parse(directive) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("{directive:?} is not understood; {EXAMPLE}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_directive, split_directives};

    fn first_mistake(filter: &str) -> Option<String> {
        split_directives(filter).find_map(|directive| check_directive(directive.trim()).err())
    }

    #[test]
    fn levels_alone_or_by_target_are_a_filter() {
        for filter in ["info", "WARN", "info,lambdio=debug", "off, a::b=trace", "info,[span{a=1}]=debug"] {
            assert_eq!(first_mistake(filter), None, "{filter}");
        }
    }

    #[test]
    fn a_misspelt_level_is_not_taken_for_a_target() {
        for filter in ["inof", "", "info,", "lambdio=debgu", "=info"] {
            assert!(first_mistake(filter).is_some(), "{filter}");
        }
        assert!(
            first_mistake("info,[span{id=1=debug")
                .is_some_and(|message| message.contains("\"[span{id=1=debug\" is not"))
        );
        assert!(first_mistake("inof").is_some_and(|message| message.contains("did you mean \"info\"?")));
    }
}
