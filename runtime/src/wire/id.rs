//! Identifiers.

use super::native::is_bson;
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
        if is_bson::<S>(serializer.is_human_readable()) {
            self.0.serialize(serializer)
        } else {
            serializer.collect_str(self)
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if is_bson::<D>(deserializer.is_human_readable()) {
            return ObjectId::deserialize(deserializer).map(Self);
        }
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use mongodb::bson;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Stored {
        id: Id,
        at: Timestamp,
        data: crate::Binary,
    }

    #[test]
    fn values_are_native_in_bson_and_plain_on_the_wire() {
        let id: Id = "65f0c0ffee00c0ffee00c0ff".parse().unwrap();
        let at: Timestamp = "2026-01-31T09:30:00.5Z".parse().unwrap();
        let value = Stored { id, at, data: vec![1, 2].into() };

        let document = bson::Document::try_from(
            bson::RawDocumentBuf::from_bytes(bson::serialize_to_vec(&value).unwrap()).unwrap(),
        )
        .unwrap();
        assert_eq!(document.get_object_id("id").unwrap(), id.object_id());
        assert_eq!(document.get_datetime("at").unwrap(), &at.date_time());
        assert_eq!(document.get_binary_generic("data").unwrap(), &[1, 2]);
        assert_eq!(bson::deserialize_from_document::<Stored>(document).unwrap(), value);
        assert_eq!(bson::serialize_to_document(&value).unwrap().get_object_id("id").unwrap(), id.object_id());

        let json = serde_json::to_value((id, at)).unwrap();
        assert_eq!(json, serde_json::json!(["65f0c0ffee00c0ffee00c0ff", "2026-01-31T09:30:00.5Z"]));
        assert_eq!(serde_json::from_value::<(Id, Timestamp)>(json).unwrap(), (id, at));
    }

    #[test]
    fn values_stay_native_inside_flattened_and_tagged_types() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        enum Tagged {
            Note { id: Id, at: Timestamp },
        }
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Outer {
            name: String,
            #[serde(flatten)]
            inner: Tagged,
        }
        let value = Outer {
            name: "x".into(),
            inner: Tagged::Note { id: Id::new(), at: Timestamp::from(std::time::UNIX_EPOCH) },
        };
        let bytes = bson::serialize_to_vec(&value).unwrap();
        let document: bson::Document = bson::deserialize_from_slice(&bytes).unwrap();
        assert!(document.get_object_id("id").is_ok() && document.get_datetime("at").is_ok(), "{document}");
        assert_eq!(bson::deserialize_from_slice::<Outer>(&bytes).unwrap(), value);
        let json = serde_json::to_value(&value).unwrap();
        assert!(json["id"].is_string() && json["at"].is_string(), "{json}");
        assert_eq!(serde_json::from_value::<Outer>(json).unwrap(), value);
    }

    #[test]
    fn what_is_no_id_or_timestamp_is_told() {
        assert_eq!("x".parse::<Id>().unwrap_err().to_string(), "an id is 24 hexadecimal digits");
        assert!(serde_json::from_str::<Timestamp>(r#""yesterday""#).unwrap_err().to_string().contains("RFC 3339"));
    }
}
