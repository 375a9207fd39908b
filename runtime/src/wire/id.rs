//! Identifiers.

use mongodb::bson::{Bson, oid::ObjectId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// An identifier: an `ObjectId` in BSON, 24 hexadecimal digits on the wire.
///
/// ```
/// use lambdio::Id;
///
/// let id: Id = "65f0c0ffee00c0ffee00c0ff".parse()?;
/// assert_eq!(serde_json::to_string(&id)?, r#""65f0c0ffee00c0ffee00c0ff""#);
/// # Ok::<(), lambdio::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(ObjectId);

impl Id {
    /// A new identifier. It is unique, and grows with time to the second.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "every new identifier differs: there is no default one")]
    pub fn new() -> Self {
        Self(ObjectId::new())
    }

    /// The driver's type.
    #[must_use]
    pub fn object_id(self) -> ObjectId {
        self.0
    }
}

/// The text is not 24 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 24 hexadecimal digits")]
pub struct InvalidId;

impl FromStr for Id {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        ObjectId::parse_str(text).map(Self).map_err(|_| InvalidId)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<ObjectId> for Id {
    fn from(id: ObjectId) -> Self {
        Self(id)
    }
}

impl From<Id> for Bson {
    fn from(id: Id) -> Self {
        Bson::ObjectId(id.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = Cow::<str>::deserialize(deserializer)?;
            text.parse().map_err(de::Error::custom)
        } else {
            ObjectId::deserialize(deserializer).map(Self)
        }
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9a-f]{24}$", "description": "identifier"})
    }
}
