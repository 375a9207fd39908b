//! The attributes of lambdio. Use them through the crate `lambdio`, which re-exports them.
//!
//! Each attribute goes the same way: parse the keys (`keys`) and the function (`function`, `owned`), check them
//! (`names`), generate (`handlers` and `descriptor` for functions, `payload`, `event` and `handler_error` for types). All
//! mistakes are reported together (`errors`), each at its own token. The annotated item is always passed on as it is.

mod descriptor;
mod errors;
mod event;
#[cfg(test)]
mod expansions;
mod function;
mod handler_error;
mod handlers;
mod keys;
mod names;
mod owned;
mod payload;

use proc_macro::TokenStream;

/// Serves an event of a Socket.IO namespace.
///
/// | key | | default |
/// |---|---|---|
/// | `namespace` | begins with `/` | `"/"` |
/// | `event` | the event's name | required |
/// | `timeout` | deadline from acceptance, such as `"2s"` | `events.timeout` |
/// | `concurrent` | later events of the socket need not wait for this one | they wait |
/// | `max_in_flight` | invocations that may run at the same time, of all sockets; others wait | no limit |
/// | `max_payload_size` | such as `"1MiB"`; more is answered `payload_too_large` | `events.max_payload_size` |
///
/// TOML overrides the last four per namespace and event.
///
/// The arguments are extractors (see `lambdio::extract`), the return value is the acknowledgement.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[handler(namespace = "/chat", event = "say", timeout = "2s")]
/// async fn say(Data(text): Data<String>) -> usize {
///     text.len()
/// }
/// ```
#[proc_macro_attribute]
pub fn handler(keys: TokenStream, item: TokenStream) -> TokenStream {
    handlers::handler(keys.into(), &item.into()).into()
}

/// Runs when a client has entered a namespace, before its first event.
///
/// | key | | default |
/// |---|---|---|
/// | `namespace` | begins with `/` | `"/"` |
///
/// An error is sent as the event `exception`, and the client is put out. To refuse a client before it is in, write a
/// `#[middleware(connect)]`.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[connect(namespace = "/chat")]
/// async fn arrive(socket: Socket) -> Result<(), lambdio::Error> {
///     socket.join("lobby")?;
///     Ok(())
/// }
/// ```
#[proc_macro_attribute]
pub fn connect(keys: TokenStream, item: TokenStream) -> TokenStream {
    handlers::connect(keys.into(), &item.into()).into()
}

/// Runs when a client has left a namespace, whatever ended the connection: once, after its last event.
///
/// | key | | default |
/// |---|---|---|
/// | `namespace` | begins with `/` | `"/"` |
///
/// ```
/// use lambdio::prelude::*;
///
/// #[disconnect(namespace = "/chat")]
/// async fn leave(socket: Socket, reason: DisconnectReason) {
///     println!("{} left {:?}: {reason}", socket.id(), socket.rooms());
/// }
/// ```
#[proc_macro_attribute]
pub fn disconnect(keys: TokenStream, item: TokenStream) -> TokenStream {
    handlers::disconnect(keys.into(), &item.into()).into()
}

/// Runs before a client is let into a namespace, and may refuse it.
///
/// | key | | default |
/// |---|---|---|
/// | `connect` | the chain, written first | required |
/// | `namespace` | begins with `/` | every namespace |
/// | `order` | lower runs first, unique in a chain | `0` |
///
/// An error refuses the client: it sees the code as the message of `connect_error`.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[middleware(connect, namespace = "/chat", order = 10)]
/// async fn only_browsers(handshake: Handshake) -> Result<(), lambdio::Error> {
///     if handshake.header("origin").is_some() { Ok(()) } else { Err(Code::Forbidden.into()) }
/// }
/// ```
#[proc_macro_attribute]
pub fn middleware(keys: TokenStream, item: TokenStream) -> TokenStream {
    handlers::middleware(keys.into(), &item.into()).into()
}

/// Serves an HTTP route.
///
/// | key | |
/// |---|---|
/// | `get`, `post`, `put`, `patch`, `delete` | the path, with parameters as `{name}`; exactly one of these keys |
///
/// ```
/// use lambdio::prelude::*;
///
/// #[route(get = "/greet/{name}")]
/// async fn greet(Path(name): Path<String>) -> String {
///     format!("Hello {name}")
/// }
/// ```
#[proc_macro_attribute]
pub fn route(keys: TokenStream, item: TokenStream) -> TokenStream {
    handlers::route(keys.into(), &item.into()).into()
}

/// Makes a type a payload or a reply: derives serde's and schemars' traits, through lambdio.
///
/// It takes no keys. `#[serde(…)]` and `#[schemars(…)]` on the type and its fields work as usual.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[payload]
/// #[serde(rename_all = "camelCase")]
/// struct Edit { document_id: Id, text: String }
/// ```
#[proc_macro_attribute]
pub fn payload(keys: TokenStream, item: TokenStream) -> TokenStream {
    payload::payload(keys.into(), &item.into()).into()
}

/// Makes a type an event that the server sends.
///
/// | key | | default |
/// |---|---|---|
/// | `namespace` | begins with `/` | `"/"` |
/// | `name` | the event's name | required |
/// | `ack` | type of the client's acknowledgement | `()` |
///
/// The value is the event's one argument; a newtype around `Args`, written with this name, spreads.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[event(namespace = "/chat", name = "said", ack = bool)]
/// struct Said { text: String }
/// ```
#[proc_macro_attribute]
pub fn event(keys: TokenStream, item: TokenStream) -> TokenStream {
    event::event(keys.into(), &item.into()).into()
}

/// Makes an enum the error of a handler: `#[handler_error(code = "…", message = "…", status = 409)]` on each variant.
///
/// | key | | default |
/// |---|---|---|
/// | `code` | lower case, digits and `_`; part of the contract with clients | required |
/// | `message` | for people; `{field}` and `{0}` stand for fields | required |
/// | `status` | HTTP status, 400–599 | `400` |
///
/// `#[handler_error(details)]` on a field sends it as the error's details. `#[handler_error(other)]` on a variant with
/// one `lambdio::Error` takes every other error: `?` converts into it. Such an enum is an answer, not a cause: it does not
/// implement [`std::error::Error`] itself, or the two conversions would contradict each other.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[derive(HandlerError)]
/// enum SayError {
///     #[handler_error(code = "too_long", message = "at most {most} characters", status = 413)]
///     TooLong { most: usize },
///     #[handler_error(other)]
///     Other(lambdio::Error),
/// }
///
/// #[handler(event = "say")]
/// async fn say(Data(text): Data<String>, socket: Socket) -> Result<(), SayError> {
///     if text.len() > 100 {
///         return Err(SayError::TooLong { most: 100 });
///     }
///     socket.join(text)?;
///     Ok(())
/// }
/// ```
#[proc_macro_derive(HandlerError, attributes(handler_error))]
pub fn handler_error(item: TokenStream) -> TokenStream {
    handler_error::derive(item.into()).into()
}
