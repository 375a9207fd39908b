//! Bytes.

use super::{attachments, native::is_bson};
use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, ops::Deref};

/// Bytes: an attachment on a Socket.IO connection, binary data in BSON.
///
/// It may stand anywhere in a payload, a reply or an event, also inside other values. Cloning does not copy the bytes.
/// In the JSON of an HTTP route it is an array of numbers, as JSON has no bytes.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Binary(Bytes);

impl Binary {
    /// The bytes.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl<T: Into<Bytes>> From<T> for Binary {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

impl Deref for Binary {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binary({} bytes)", self.0.len())
    }
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_bson::<S>(serializer.is_human_readable()) {
            serializer.serialize_bytes(&self.0)
        } else {
            attachments::put(&self.0, serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if is_bson::<D>(deserializer.is_human_readable()) {
            deserializer.deserialize_byte_buf(Visitor)
        } else {
            deserializer.deserialize_any(Visitor)
        }
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Binary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("binary data")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Binary, E> {
        Ok(Binary(Bytes::copy_from_slice(bytes)))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Binary, E> {
        Ok(Binary(Bytes::from(bytes)))
    }

    /// The placeholder of an attachment.
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Binary, A::Error> {
        #[derive(Deserialize)]
        struct Placeholder {
            #[serde(rename = "_placeholder")]
            stands_for_bytes: bool,
            num: usize,
        }
        let placeholder = Placeholder::deserialize(de::value::MapAccessDeserializer::new(map))
            .map_err(|_| de::Error::invalid_type(de::Unexpected::Map, &self))?;
        let bytes = attachments::get(placeholder.num).filter(|_| placeholder.stands_for_bytes);
        bytes.map(Binary).ok_or_else(|| de::Error::custom("there is no such attachment"))
    }

    /// Bytes in the JSON of a request.
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut numbers: A) -> Result<Binary, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = numbers.next_element()? {
            bytes.push(byte);
        }
        Ok(Binary(Bytes::from(bytes)))
    }
}

impl JsonSchema for Binary {
    fn schema_name() -> Cow<'static, str> {
        "Binary".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "contentEncoding": "binary", "description": "binary attachment"})
    }
}
