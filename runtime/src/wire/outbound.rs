//! From a value to a packet's arguments.
//!
//! The stock encoding spreads tuples and newtypes into several arguments, and knows bytes in few places only. Here a
//! value is always one argument and only [`Args`](super::Args) spreads, and bytes may stand anywhere: values are written
//! as JSON first, with a placeholder for each [`Binary`](super::Binary), and handed to the transport as they are.

use super::{PacketSize, args::SendArgs, attachments};
use bytes::Bytes;
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq, SerializeTuple},
};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

/// The arguments of an event or an acknowledgement.
pub trait Arguments {
    /// The arguments as the transport takes them.
    #[doc(hidden)]
    fn encode(&self) -> Result<Encoded, serde_json::Error>;
}

/// One argument, whatever the shape of the value.
#[derive(Debug)]
pub struct Single<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> Arguments for Single<'_, T> {
    fn encode(&self) -> Result<Encoded, serde_json::Error> {
        let (text, attachments) = attachments::collect(|| to_raw_value(self.0));
        let text = text?;
        let list = if attachments.is_empty() {
            List::Text(text)
        } else {
            List::Values(vec![serde_json::from_str(text.get())?])
        };
        Ok(Encoded { list, attachments })
    }
}

/// Each value of a list as an argument of its own.
#[derive(Debug)]
pub struct Spread<'a, T>(pub &'a T);

impl<T: SendArgs> Arguments for Spread<'_, T> {
    fn encode(&self) -> Result<Encoded, serde_json::Error> {
        let (values, attachments) = attachments::collect(|| self.0.send(serde_json::value::Serializer));
        let list = match values? {
            Value::Array(values) => List::Values(values),
            value => List::Values(vec![value]),
        };
        Ok(Encoded { list, attachments })
    }
}

/// Arguments as the transport takes them.
#[doc(hidden)]
#[derive(Debug)]
pub struct Encoded {
    list: List,
    attachments: Vec<Bytes>,
}

impl Encoded {
    /// How long the packet is that carries these arguments, with the digits of Engine.IO and Socket.IO before them.
    ///
    /// `event` is the name, which stands before the arguments of an event and not of an acknowledgement; `ack` the number
    /// of an acknowledgement.
    pub(crate) fn packet_size(&self, namespace: &str, event: Option<&str>, ack: Option<i64>) -> PacketSize {
        let digits = |number: i64| 1 + number.checked_ilog10().unwrap_or_default() as usize;
        let (arguments, is_empty) = match &self.list {
            List::Text(text) => (text.get().len() + 2, false),
            List::Values(values) => (json_length(values), values.is_empty()),
        };
        let mut text = 2 + arguments;
        if namespace != "/" {
            text += namespace.len() + 1;
        }
        if !self.attachments.is_empty() {
            text += self.attachments.len().to_string().len() + 1;
        }
        if let Some(event) = event {
            text += event.len() + if is_empty { 2 } else { 3 };
        }
        if let Some(ack) = ack {
            text += digits(ack);
        }
        PacketSize { text, attachments: self.attachments.iter().map(Bytes::len).collect() }
    }
}

/// The length of values as JSON.
fn json_length(values: &[Value]) -> usize {
    struct Count(usize);

    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // counting cannot fail, and values are JSON already
    let _ = serde_json::to_writer(&mut count, values);
    count.0
}

#[derive(Debug)]
enum List {
    /// One argument without attachments.
    Text(Box<RawValue>),
    /// Several, or with attachments.
    Values(Vec<Value>),
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.list {
            List::Text(text) => {
                let mut tuple = serializer.serialize_tuple(1)?;
                tuple.serialize_element(text)?;
                tuple.end()
            }
            List::Values(values) => {
                let mut tuple = serializer.serialize_tuple(values.len())?;
                for value in values {
                    tuple.serialize_element(&WithBytes { value, attachments: &self.attachments })?;
                }
                tuple.end()
            }
        }
    }
}

/// A value with its bytes in place of the placeholders: all of them stand where the transport knows them.
struct WithBytes<'a> {
    value: &'a Value,
    attachments: &'a [Bytes],
}

impl Serialize for WithBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inside = |value| WithBytes { value, attachments: self.attachments };
        match self.value {
            Value::Array(values) => {
                let mut seq = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    seq.serialize_element(&inside(value))?;
                }
                seq.end()
            }
            Value::Object(entries) => {
                if let Some(bytes) = attachments::number(entries).and_then(|number| self.attachments.get(number)) {
                    return serializer.serialize_bytes(bytes);
                }
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, &inside(value))?;
                }
                map.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Binary;
    use serde_json::json;

    #[derive(Serialize)]
    struct Newtype(u32);

    #[derive(Serialize)]
    enum Shape {
        Picture(Option<Binary>),
    }

    fn text(arguments: &impl Arguments) -> Value {
        serde_json::to_value(arguments.encode().unwrap()).unwrap()
    }

    #[test]
    fn a_value_is_one_argument_whatever_its_shape() {
        assert_eq!(text(&Single(&Newtype(3))), json!([3]));
        assert_eq!(text(&Single(&(1, "a"))), json!([[1, "a"]]));
        assert_eq!(text(&Single(&())), json!([null]));
        assert_eq!(text(&Spread(&(1u8, "a".to_owned()))), json!([1, "a"]));
        assert_eq!(text(&Spread(&Vec::<u8>::new())), json!([]));
    }

    #[test]
    fn bytes_are_attachments_wherever_they_stand() {
        let encoded = Single(&(Shape::Picture(Some(vec![1].into())), vec![Binary::from(vec![2])])).encode().unwrap();
        assert_eq!(encoded.attachments, [Bytes::from_static(&[1]), Bytes::from_static(&[2])]);
        // plain JSON has no bytes: an array of numbers shows that they were handed over as bytes
        assert_eq!(serde_json::to_value(&encoded).unwrap(), json!([[{ "Picture": [1] }, [[2]]]]));
    }
}
