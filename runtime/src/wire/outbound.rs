//! From a value to a packet's arguments.
//!
//! The stock encoding spreads tuples and newtypes into several arguments. Here a value is always one argument, and only
//! [`Args`](super::Args) spreads.

use super::args::SendArgs;
use serde::{Serialize, Serializer, ser::SerializeTuple};

/// One argument, whatever the shape of the value.
#[derive(Debug)]
pub struct Single<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> Serialize for Single<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(1)?;
        tuple.serialize_element(self.0)?;
        tuple.end()
    }
}

/// Each value of a list as an argument of its own.
#[derive(Debug)]
pub struct Spread<'a, T>(pub &'a T);

impl<T: SendArgs> Serialize for Spread<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.send(serializer)
    }
}
