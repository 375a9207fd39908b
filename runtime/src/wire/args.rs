//! All arguments of an event, instead of the first alone.

use super::{
    inbound::{FromArguments, next_or_null},
    payload::{Payload, Reply},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serializer, de::SeqAccess, ser::SerializeTuple};
use std::borrow::Cow;

/// All arguments of an event: `emit("move", x, y)` is `Args<(u32, u32)>`.
///
/// - As a handler's argument it takes the client's arguments one by one. Trailing `Option`s may be missing, surplus
///   arguments are ignored. `Args<Vec<T>>` takes any number of arguments of one type.
/// - As a reply or inside an emitted event it spreads: `Args((1, 2))` calls the client's callback with two arguments.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[handler(event = "move")]
/// async fn move_to(Args((x, y)): Args<(u32, u32)>) -> Args<(u32, u32)> {
///     Args((x + 1, y + 1))
/// }
///
/// #[event(name = "moved")]
/// struct Moved(Args<(u32, u32)>);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Args<T>(pub T);

/// What [`Args`] can take from a client: tuples of up to eight payloads, and `Vec`.
#[diagnostic::on_unimplemented(
    message = "`Args` cannot take `{Self}` from a client",
    note = "`Args` holds a tuple of up to eight payloads, or a `Vec` of payloads"
)]
pub trait ReceiveArgs: JsonSchema + Sized + Send + 'static {
    #[doc(hidden)]
    fn receive<'de, A: SeqAccess<'de>>(arguments: &mut A, trace: bool) -> Result<Self, A::Error>;
}

/// What [`Args`] can spread: tuples of up to eight values, and `Vec`.
#[diagnostic::on_unimplemented(
    message = "`Args` cannot spread `{Self}`",
    note = "`Args` holds a tuple of up to eight values, or a `Vec`"
)]
pub trait SendArgs: JsonSchema + Send + Sync + 'static {
    #[doc(hidden)]
    fn send<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

impl<T: ReceiveArgs> FromArguments for Args<T> {
    fn from_arguments<'de, A: SeqAccess<'de>>(arguments: &mut A, trace: bool) -> Result<Self, A::Error> {
        T::receive(arguments, trace).map(Args)
    }
}

impl<T: Payload> ReceiveArgs for Vec<T> {
    fn receive<'de, A: SeqAccess<'de>>(arguments: &mut A, trace: bool) -> Result<Self, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = super::inbound::next(arguments, values.len(), trace)? {
            values.push(value);
        }
        Ok(values)
    }
}

impl<T: Reply + Sync> SendArgs for Vec<T> {
    fn send<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.len())?;
        for value in self {
            tuple.serialize_element(value)?;
        }
        tuple.end()
    }
}

macro_rules! tuples {
    ($($count:literal: $($type:ident $place:tt),*;)*) => {$(
        impl<$($type),*> ReceiveArgs for ($($type,)*)
        where
            $($type: Payload),*
        {
            #[allow(unused_variables, reason = "the empty tuple takes nothing")]
            fn receive<'de, Seq: SeqAccess<'de>>(arguments: &mut Seq, trace: bool) -> Result<Self, Seq::Error> {
                Ok(($(next_or_null::<$type, Seq>(arguments, $place, trace)?,)*))
            }
        }

        impl<$($type),*> SendArgs for ($($type,)*)
        where
            $($type: Reply + Sync),*
        {
            #[allow(unused_mut, reason = "the empty tuple sends nothing")]
            fn send<Out: Serializer>(&self, serializer: Out) -> Result<Out::Ok, Out::Error> {
                let mut tuple = serializer.serialize_tuple($count)?;
                $(tuple.serialize_element(&self.$place)?;)*
                tuple.end()
            }
        }
    )*};
}

tuples! {
    0: ;
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

impl<T: JsonSchema> JsonSchema for Args<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Args_of_{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
