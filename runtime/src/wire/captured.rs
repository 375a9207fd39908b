//! A client's acknowledgement, as it came.

use super::{
    attachments,
    inbound::{Arguments, FromArguments, Misfit, next},
};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, json};
use std::{cell::RefCell, collections::VecDeque, fmt};

/// The first argument of an acknowledgement, with its attachments set aside.
///
/// The transport decodes acknowledgements itself, and knows attachments in few places only. This takes everything as it
/// comes, and decodes it as events are decoded.
pub(crate) struct Captured {
    value: Value,
    attachments: VecDeque<Bytes>,
}

impl Captured {
    /// What the event's author expects.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, Misfit> {
        attachments::with(&self.attachments, || {
            serde_path_to_error::deserialize(self.value).map_err(|error| Misfit::at("", error))
        })
    }
}

impl<'de> Deserialize<'de> for Captured {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // a tuple struct is what the transport's parser hands the whole list to
        deserializer.deserialize_tuple_struct("Arguments", 1, Arguments::of_ack())
    }
}

impl FromArguments for Captured {
    fn from_arguments<'de, A: SeqAccess<'de>>(arguments: &mut A, trace: bool) -> Result<Self, A::Error> {
        MET.take();
        let Tree(value) = next(arguments, 0, trace)?.unwrap_or(Tree(Value::Null));
        Ok(Self { value, attachments: MET.take().into() })
    }
}

thread_local! {
    /// The attachments met so far; decoding never waits.
    static MET: RefCell<Vec<Bytes>> = const { RefCell::new(Vec::new()) };
}

/// Any value, with a placeholder for each attachment.
struct Tree(Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything).map(Self)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Value, E> {
        let number = MET.with_borrow_mut(|met| {
            met.push(bytes.into());
            met.len() - 1
        });
        Ok(json!({ "_placeholder": true, "num": number }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Tree(value)) = elements.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some((key, Tree(value))) = entries.next_entry()? {
            values.insert(key, value);
        }
        Ok(Value::Object(values))
    }
}
