//! The attachments of the packet that is being decoded.
//!
//! In a packet's text, bytes are placeholders: `{"_placeholder": true, "num": 0}` stands for the first attachment
//! (<https://socket.io/docs/v4/socket-io-protocol/#event>). [`Binary`](super::Binary) looks its bytes up here, wherever it
//! stands: in an option, a newtype, an enum, inside what serde buffers. The stock decoding hands attachments out in
//! the order it meets placeholders, and meets them in few of these places.
//!
//! Decoding never waits, so the attachments of one packet are those of this thread while it is decoded.

use bytes::Bytes;
use std::{cell::RefCell, collections::VecDeque};

thread_local! {
    static ATTACHMENTS: RefCell<VecDeque<Bytes>> = const { RefCell::new(VecDeque::new()) };
}

/// Decodes with these attachments at hand.
pub(crate) fn with<T>(attachments: &VecDeque<Bytes>, decode: impl FnOnce() -> T) -> T {
    let _scope = Scope(ATTACHMENTS.replace(attachments.clone()));
    decode()
}

/// The attachment of this number.
pub(super) fn get(number: usize) -> Option<Bytes> {
    ATTACHMENTS.with_borrow(|attachments| attachments.get(number).cloned())
}

/// Puts back what was there before, also after a panic.
struct Scope(VecDeque<Bytes>);

impl Drop for Scope {
    fn drop(&mut self) {
        ATTACHMENTS.replace(std::mem::take(&mut self.0));
    }
}
