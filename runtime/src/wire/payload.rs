//! What may be a payload or a reply.

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

/// A type that a client's payload can be decoded into: [`serde::Deserialize`] and [`schemars::JsonSchema`].
///
/// `#[payload]` on a type of your own derives both.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from a payload",
    label = "not a payload",
    note = "write `#[payload]` on the type, or derive `serde::Deserialize` and `schemars::JsonSchema` for it"
)]
pub trait Payload: DeserializeOwned + JsonSchema + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Payload for T {}

/// A type that can be sent: [`serde::Serialize`] and [`schemars::JsonSchema`].
///
/// `#[payload]` on a type of your own derives both.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a reply",
    label = "not a reply",
    note = "write `#[payload]` on the type, or derive `serde::Serialize` and `schemars::JsonSchema` for it",
    note = "a handler may also return nothing, or a `Result` of a reply and a `HandlerError`"
)]
pub trait Reply: Serialize + JsonSchema + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + Send + 'static> Reply for T {}
