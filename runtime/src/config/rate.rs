//! Rates in human form.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units and their length in seconds.
const UNITS: [(&str, u64); 3] = [("s", 1), ("min", 60), ("h", 3600)];

/// How often something may happen, written as `"20/s"`, `"100/min"` or `"1000/h"`.
///
/// So many may come at once; the room for them comes back evenly over the time.
///
/// ```
/// # use lambdio::config::Rate;
/// let rate: Rate = "100/min".parse().unwrap();
/// assert_eq!(rate.count().get(), 100);
/// assert_eq!(rate.period().as_secs(), 60);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    count: NonZeroU32,
    seconds: u64,
}

impl Rate {
    /// So many in a minute.
    pub(super) const fn per_minute(count: NonZeroU32) -> Self {
        Self { count, seconds: 60 }
    }

    /// How many may come at once, and within one [`period`](Self::period) on average.
    #[must_use]
    pub fn count(self) -> NonZeroU32 {
        self.count
    }

    /// A second, a minute or an hour.
    #[must_use]
    pub fn period(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// The text is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a rate such as \"20/s\", \"100/min\" or \"1000/h\", with a count of at least 1")]
pub struct RateError;

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (count, unit) = text.split_once('/').ok_or(RateError)?;
        let count = count.trim();
        // a number alone may have a sign
        if !count.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(RateError);
        }
        let count = count.parse().map_err(|_| RateError)?;
        let unit = unit.trim();
        let known = UNITS.iter().find(|(name, _)| *name == unit).ok_or(RateError)?;
        Ok(Self { count, seconds: known.1 })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, seconds)| *seconds == self.seconds).map_or("s", |(name, _)| name);
        write!(f, "{}/{unit}", self.count)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Rate {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "rate",
            "pattern": r"^\s*0*[1-9][0-9]*\s*/\s*(s|min|h)\s*$",
            "examples": ["20/s", "100/min", "1000/h"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn a_rate_is_a_count_and_a_unit() {
        for text in ["20/s", "1/min", "1000/h"] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
        assert_eq!(" 5 / s ".parse::<Rate>().unwrap().to_string(), "5/s");
        for text in ["", "20", "/s", "0/s", "-1/s", "+1/s", "20/d", "20 s", "99999999999/s", "1.5/s"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
