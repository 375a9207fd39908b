//! The attachments of the packet that is being decoded or encoded.
//!
//! In a packet's text, bytes are placeholders: `{"_placeholder": true, "num": 0}` stands for the first attachment
//! (<https://socket.io/docs/v4/socket-io-protocol/#event>). [`Binary`](super::Binary) looks its bytes up here or leaves
//! them here, wherever it stands: in an option, a newtype, an enum, inside what serde buffers. The stock coding hands
//! attachments out in the order it meets placeholders, and meets them in few of these places.
//!
//! Neither decoding nor encoding ever waits, so the attachments of a packet are those of this thread meanwhile.

use bytes::Bytes;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::VecDeque};

const MARK: &str = "_placeholder";
const NUMBER: &str = "num";

thread_local! {
    static INBOUND: RefCell<VecDeque<Bytes>> = const { RefCell::new(VecDeque::new()) };
    static OUTBOUND: RefCell<Option<Vec<Bytes>>> = const { RefCell::new(None) };
}

/// Decodes with these attachments at hand.
pub(crate) fn with<T>(attachments: &VecDeque<Bytes>, decode: impl FnOnce() -> T) -> T {
    /// Puts back what was there before, also after a panic.
    struct Scope(VecDeque<Bytes>);

    impl Drop for Scope {
        fn drop(&mut self) {
            INBOUND.replace(std::mem::take(&mut self.0));
        }
    }

    let _scope = Scope(INBOUND.replace(attachments.clone()));
    decode()
}

/// The attachment of this number in the packet that is being decoded.
pub(super) fn get(number: usize) -> Option<Bytes> {
    INBOUND.with_borrow(|attachments| attachments.get(number).cloned())
}

/// Encodes, and gives the attachments that were left here meanwhile.
pub(super) fn collect<T>(encode: impl FnOnce() -> T) -> (T, Vec<Bytes>) {
    /// Puts back what was there before, also after a panic.
    struct Scope(Option<Vec<Bytes>>);

    impl Drop for Scope {
        fn drop(&mut self) {
            OUTBOUND.replace(self.0.take());
        }
    }

    let _scope = Scope(OUTBOUND.replace(Some(Vec::new())));
    let encoded = encode();
    (encoded, OUTBOUND.take().unwrap_or_default())
}

/// Leaves bytes here and writes their placeholder, if a packet is being encoded; bytes as such otherwise.
pub(super) fn put<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    let number = OUTBOUND.with_borrow_mut(|attachments| {
        attachments.as_mut().map(|attachments| {
            attachments.push(bytes.clone());
            attachments.len() - 1
        })
    });
    let Some(number) = number else { return serializer.serialize_bytes(bytes) };
    let mut placeholder = serializer.serialize_map(Some(2))?;
    placeholder.serialize_entry(MARK, &true)?;
    placeholder.serialize_entry(NUMBER, &number)?;
    placeholder.end()
}

/// The number of the attachment that an object stands for, if it is a placeholder.
pub(super) fn number(object: &Map<String, Value>) -> Option<usize> {
    let is_placeholder = object.len() == 2 && object.get(MARK) == Some(&Value::Bool(true));
    let number = object.get(NUMBER).filter(|_| is_placeholder)?.as_u64()?;
    usize::try_from(number).ok()
}
