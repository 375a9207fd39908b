//! Typed events.

use crate::wire::{Arguments, Payload};

/// An event that the server sends. Write it with `#[event]`:
///
/// ```
/// use lambdio::prelude::*;
///
/// #[event(namespace = "/documents", name = "text_changed")]
/// struct TextChanged { revision: i64, text: String }
/// ```
///
/// The value is the event's one argument, whatever its shape. `struct Moved(Args<(u32, u32)>)` sends several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event that can be sent",
    label = "not an event",
    note = "write `#[event(namespace = \"/…\", name = \"…\")]` on the type"
)]
pub trait Event: Send + Sync {
    /// The namespace, such as `/documents`.
    const NAMESPACE: &'static str;
    /// The event's name.
    const NAME: &'static str;
    /// What a client acknowledges with; `()` if nobody waits for an acknowledgement.
    type Ack: Payload;
    /// The arguments as they are encoded.
    #[doc(hidden)]
    type Arguments<'a>: Arguments + Send + Sync
    where
        Self: 'a;

    /// The arguments as they are encoded.
    #[doc(hidden)]
    fn arguments(&self) -> Self::Arguments<'_>;
}
