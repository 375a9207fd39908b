//! `[log]`: what is logged, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::nearest::nearest;
use super::review::Review;

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A level (trace, debug, info, warn, error, off), or levels by target such as
    /// "info,lambdio=debug". Default "info".
    pub level: String,
    /// "text" for people (the default), "json" for one JSON object a line.
    pub format: LogFormat,
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
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

impl Log {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        for directive in split_directives(&self.level) {
            if let Err(reason) = check_directive(directive.trim()) {
                review.reject(&["log", "level"], reason);
            }
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
        Some(("", _)) => {
            return Err("has a level without a target before its =".to_owned());
        }
        Some((_, level)) if !level.ends_with(['}', ']']) => level,
        Some(_) => return Ok(()),
        None => directive,
    };
    if LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level.trim())) {
        return Ok(());
    }
    let suggestion = nearest(level, LEVELS).map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
    Err(format!("{level:?} is not a level; levels are {}{suggestion}", LEVELS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{check_directive, split_directives};

    fn first_mistake(filter: &str) -> Option<String> {
        split_directives(filter).find_map(|directive| check_directive(directive.trim()).err())
    }

    #[test]
    fn levels_alone_or_by_target_are_a_filter() {
        for filter in ["info", "WARN", "info,lambdio=debug", "off, a::b=trace", "info,[span{a=1,b=2}]=debug"] {
            assert_eq!(first_mistake(filter), None, "{filter}");
        }
    }

    #[test]
    fn a_misspelt_level_is_not_taken_for_a_target() {
        for filter in ["inof", "", "info,", "lambdio=debgu", "=info"] {
            assert!(first_mistake(filter).is_some(), "{filter}");
        }
        assert!(first_mistake("inof").is_some_and(|message| message.contains("did you mean \"info\"?")));
    }
}
