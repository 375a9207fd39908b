//! The attributes of lambdio. Use them through the crate `lambdio`, which re-exports them.
//!
//! Each attribute goes the same way: parse the keys (`keys`) and the function (`function`, `owned`), check them
//! (`names`, `measures`, `access`), generate (`handlers`, `guard` and `descriptor` for functions, `payload`, `event` and `handler_error` for types). All
//! mistakes are reported together (`errors`), each at its own token. The annotated item is always passed on as it is.

mod access;
mod descriptor;
mod errors;
mod event;
#[cfg(test)]
mod expansions;
mod function;
mod guard;
mod handler_error;
mod handlers;
mod keys;
mod measures;
mod names;
mod owned;
mod payload;
#[cfg(test)]
mod refusals;

use proc_macro::TokenStream;

/// Serves an event of a Socket.IO namespace.
///
/// | key | | default |
/// |---|---|---|
/// | `namespace` | begins with `/` | `"/"` |
/// | `event` | the event's name | this or `any` |
/// | `any` | serves every event that has no handler of its own; `EventName` says which | |
/// | `auth` | `"required"`: who is not logged in is answered `unauthenticated` | as the namespace, `roles` and the arguments say |
/// | `roles` | `["admin", "editor"]`: the user needs one of them; who lacks it is answered `forbidden` | everybody in the namespace |
/// | `guard` | a function with `#[guard]`, which may refuse | none |
/// | `blocking` | the function is a plain `fn` and runs where it may block | |
/// | `timeout` | deadline from acceptance, such as `"2s"` | `events.timeout` |
/// | `concurrent` | later events of the socket need not wait for this one | they wait |
/// | `max_in_flight` | invocations that may run at the same time, of all sockets; others wait | no limit |
/// | `max_payload_size` | such as `"1MiB"`; more is answered `payload_too_large` | `events.max_payload_size` |
///
/// TOML overrides `roles` and the last four per namespace and event. It may ask for a login with `auth = "required"`, too, but
/// cannot take one away.
///
/// A login is needed where `auth` or `roles` ask for it, or an argument `User` does. It is looked at, and the roles, before
/// anything else of the handler runs, and in addition to what the namespace asks for. That needs a namespace with
/// `auth = "required"`, or `"optional"`, where guests may do everything else; see `#[connect]`.
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
///
/// #[handler(namespace = "/chat", any)]
/// async fn whatever(event: EventName) -> String {
///     format!("nobody knows {event}")
/// }
/// ```
///
/// In TOML the catch-all is `[handlers."/chat"."*"]`; no event can have this name. An event that is switched off keeps its
/// own answer, `disabled`.
///
/// A `blocking` handler runs on one of `events.blocking_threads` threads. Where all are busy it waits while its deadline
/// goes on. One that overruns its deadline is answered `timeout` but cannot be stopped: it keeps its thread until it
/// returns.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[handler(namespace = "/numbers", event = "sum", blocking)]
/// fn sum(Data(most): Data<u64>) -> u64 {
///     (0..most).sum()
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
/// | `auth` | who may connect: `"none"` asks nobody, `"optional"` lets guests in, too, `"required"` only who is logged in | `"none"`; with `roles`, `"required"` |
/// | `roles` | `["admin", "editor"]`: a client needs one of them to connect, or is refused with `forbidden` | everybody whom `auth` lets in |
///
/// The last two hold for the whole namespace, and are looked at before the client is in. TOML overrides each of them:
/// `[namespaces."/chat"]`.
///
/// An error is sent as the event `exception`, and the client is put out. To refuse a client before it is in, write a
/// `#[middleware(connect)]`.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[connect(namespace = "/chat", auth = "optional")]
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

/// Stands around connecting to a namespace, or around its events.
///
/// | key | | default |
/// |---|---|---|
/// | `connect` or `event` | the chain, written first | required |
/// | `namespace` | begins with `/` | every namespace |
/// | `order` | lower is further outside, unique in a chain | `0` |
///
/// `connect` runs before a client is let in. An error refuses the client: it sees the code as the message of
/// `connect_error`.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[middleware(connect, namespace = "/chat", order = 10)]
/// async fn only_browsers(handshake: Handshake) -> Result<(), lambdio::Error> {
///     if handshake.header("origin").is_some() { Ok(()) } else { Err(Code::Forbidden.into()) }
/// }
/// ```
///
/// `event` stands around every event that somebody serves, a catch-all included. What nobody serves, what is switched off,
/// and what the user has no role for, is answered without it. It takes what events have, and `Next`: what is inside of it. It
/// gives back a `Reply`, that of `next.run()` or one of its own; an error is the client's answer. The event's deadline holds
/// for all of it together.
///
/// ```
/// use lambdio::prelude::*;
///
/// struct Tenant(String);
///
/// #[middleware(event, namespace = "/shop", order = 10)]
/// async fn tenant(handshake: Handshake, next: Next) -> Result<Reply, lambdio::Error> {
///     let Some(tenant) = handshake.header("x-tenant") else { return Err(Code::Forbidden.into()) };
///     next.attach(Tenant(tenant.to_owned())).run().await
/// }
///
/// #[handler(namespace = "/shop", event = "who_am_i")]
/// async fn who_am_i(tenant: Attached<Tenant>) -> String {
///     tenant.0.0.clone()
/// }
/// ```
#[proc_macro_attribute]
pub fn middleware(keys: TokenStream, item: TokenStream) -> TokenStream {
    handlers::middleware(keys.into(), &item.into()).into()
}

/// Makes an async function a guard, which handlers and routes name: `guard = can_edit`.
///
/// It takes no keys. The arguments are extractors, as a handler's; a guard serves every handler that has what they need.
/// It gives back `Result<(), E>` with a `HandlerError`: after an error, the handler does not run. It runs after the
/// handler's own arguments were extracted.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[guard]
/// async fn is_admin(user: User) -> Result<(), lambdio::Error> {
///     if user.name() == "admin" { Ok(()) } else { Err(Code::Forbidden.into()) }
/// }
///
/// #[route(delete = "/rooms/{name}", guard = is_admin)]
/// async fn delete_room(Path(name): Path<String>) {
///     println!("{name} is gone");
/// }
/// ```
///
/// Beside the function it makes a type of the same name, which is what `guard = …` names: one `use` brings both.
#[proc_macro_attribute]
pub fn guard(keys: TokenStream, item: TokenStream) -> TokenStream {
    guard::guard(keys.into(), &item.into()).into()
}

/// Serves an HTTP route.
///
/// | key | | default |
/// |---|---|---|
/// | `get`, `post`, `put`, `patch`, `delete` | the path, with parameters as `{name}`; exactly one of these keys | |
/// | `auth` | `"required"`: who is not logged in is answered `unauthenticated` | as `roles` and the arguments say |
/// | `roles` | `["admin", "editor"]`: the user needs one of them; who lacks it is answered `forbidden`, nobody `unauthenticated` | everybody |
/// | `guard` | a function with `#[guard]`, which may refuse | none |
/// | `timeout` | deadline from acceptance, such as `"2s"` | `events.timeout` |
/// | `max_in_flight` | requests that may be served at the same time; others wait, with their deadline running | no limit |
/// | `max_payload_size` | of the body, such as `"1MiB"`; more is answered `payload_too_large` | `socketio.max_message_size` |
///
/// TOML overrides `roles` and the last three per route: `[routes."GET /greet/{name}"]`. It can switch a route off, limit how
/// often it is asked, and ask for a login with `auth = "required"`; it cannot take one away. Login and roles are looked at before
/// the body is read, a login also where the argument is `User`.
///
/// All but `get` need requests with the header `content-type: application/json`, also where the body is empty; with `Binary`
/// any type but those that forms can send. Others are answered `unsupported_media_type`, and pages of other sites `forbidden`.
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
