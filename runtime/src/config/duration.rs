//! Durations in human form: `"500ms"`, `"2s"`, `"1h 30m"`.
//!
//! Fields hold a [`std::time::Duration`]. They name this module in `serde(with)` and
//! [`HumanDuration`] in `schemars(with)`.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// The schema of a duration.
pub(super) struct HumanDuration;

impl JsonSchema for HumanDuration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "HumanDuration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "human-duration",
            "pattern": super::duration_form::pattern(),
            "examples": ["500ms", "2s", "12h"],
        })
    }
}

fn parse<E: Error>(text: &str) -> Result<Duration, E> {
    let wrong = |reason: &dyn fmt::Display| {
        E::custom(format_args!("expected a duration such as \"2s\" or \"500ms\": {reason}"))
    };
    let text = text.trim_ascii();
    super::duration_form::check(text).map_err(|reason| wrong(&reason))?;
    humantime::parse_duration(text).map_err(|error| wrong(&error))
}

pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*duration))
}

/// As one would write it. No unit is longer than a day: months differ.
fn text(duration: Duration) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let days = duration.as_secs() / DAY;
    let rest = duration.saturating_sub(Duration::from_secs(days * DAY));
    let days = match days {
        0 => return humantime::format_duration(rest).to_string(),
        1 => "1day".to_owned(),
        days => format!("{days}days"),
    };
    if rest.is_zero() { days } else { format!("{days} {}", humantime::format_duration(rest)) }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

/// The same for a duration that may be absent.
pub(super) mod optional {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(in super::super) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => super::serialize(duration, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| super::parse(&text)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_duration_is_shown_as_one_would_write_it() {
        for shown in ["0s", "500ms", "1h 30m", "1day", "90days", "365days", "400days 2h"] {
            assert_eq!(text(humantime::parse_duration(shown).unwrap()), shown);
        }
    }
}
