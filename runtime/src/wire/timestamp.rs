//! Moments.

use super::native::is_bson;
use mongodb::bson::{Bson, DateTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::{borrow::Cow, fmt, str::FromStr, time::SystemTime};

/// A moment in UTC, to the millisecond: a `Date` in BSON, RFC 3339 on the wire (`2026-01-31T09:30:00.5Z`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime);

impl Timestamp {
    /// The present moment.
    #[must_use]
    pub fn now() -> Self {
        Self(DateTime::now())
    }

    /// The driver's type.
    #[must_use]
    pub fn date_time(self) -> DateTime {
        self.0
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.timestamp_millis()
    }
}

impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        time.0.to_system_time()
    }
}

/// The text is not a moment of RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a timestamp reads like 2026-01-31T09:30:00Z (RFC 3339)")]
pub struct InvalidTimestamp;

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        DateTime::parse_rfc3339_str(text).map(Self).map_err(|_| InvalidTimestamp)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.try_to_rfc3339_string() {
            Ok(text) => f.write_str(&text),
            Err(_) => write!(f, "{} ms after 1970", self.as_millis()),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl From<DateTime> for Timestamp {
    fn from(moment: DateTime) -> Self {
        Self(moment)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(moment: SystemTime) -> Self {
        Self(DateTime::from_system_time(moment))
    }
}

impl From<Timestamp> for Bson {
    fn from(moment: Timestamp) -> Self {
        Bson::DateTime(moment.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_bson::<S>(serializer.is_human_readable()) {
            return self.0.serialize(serializer);
        }
        let text = self.0.try_to_rfc3339_string().map_err(ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if is_bson::<D>(deserializer.is_human_readable()) {
            return DateTime::deserialize(deserializer).map(Self);
        }
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time", "description": "moment in UTC (RFC 3339)"})
    }
}
