//! Functions that can be handlers.

use lambdio::prelude::*;
use std::io;

// names that generated code must not take for its own
#[allow(dead_code)]
struct Box;
#[allow(dead_code)]
struct Option;
#[allow(dead_code)]
struct Plain;
#[allow(dead_code)]
struct Extractor;

type Fallible<T> = Result<T, lambdio::Error>;
type IoResult = Result<(), IoFailed>;

/// An error of another crate, as a handler's own.
#[derive(Debug, HandlerError)]
pub enum IoFailed {
    /// Any.
    #[handler_error(other)]
    Other(lambdio::Error),
}

#[handler(event = "alias")]
async fn through_an_alias() -> Fallible<u32> {
    Ok("1".parse()?)
}

#[handler(event = "alias_without_parameters")]
async fn through_an_alias_without_parameters() -> IoResult {
    Err(io::Error::other("away"))?
}

#[handler(event = "patterns")]
async fn patterns(
    Data((x, [first, ..])): Data<(u32, [u8; 2])>,
    Args((y, _)): Args<(u32, std::option::Option<u32>)>,
    #[allow(unused_variables)] socket: Socket,
    mut count: Data<u32>,
    _: Emitter,
) -> u32 {
    count.0 += x + y + u32::from(first);
    count.0
}

#[handler(event = "call")]
async fn call() {}

#[handler(event = "reply")]
async fn reply(reply: Data<u32>, cx: Socket, needs: Socket) -> u32 {
    let _ = (cx, needs);
    reply.0
}

#[handler(event = "type")]
async fn r#type(r#in: Data<u32>) -> u32 {
    r#in.0
}

#[handler(event = "left_out")]
#[cfg(any())]
async fn left_out(nothing: Missing) -> Missing {
    nothing
}

#[cfg(any())]
#[handler(event = "left_out_before")]
async fn left_out_before(nothing: Missing) -> Missing {
    nothing
}

/// Waits, and is public.
#[must_use]
#[handler(event = "public", timeout = "500ms")]
pub async fn public(user: std::option::Option<User>) -> String {
    tokio::task::yield_now().await;
    user.map(|user| user.name().to_owned()).unwrap_or_default()
}

#[connect(namespace = "/functions")]
async fn arrive(socket: Socket, handshake: Handshake) -> Result<(), lambdio::Error> {
    socket.join(handshake.header("room").unwrap_or("lobby").to_owned())?;
    Ok(())
}

#[disconnect(namespace = "/functions")]
async fn leave(socket: Socket, reason: DisconnectReason) {
    let _ = (socket.rooms(), reason.to_string());
}

#[middleware(connect, namespace = "/functions", order = -1)]
async fn check(HandshakeAuth(token): HandshakeAuth<std::option::Option<String>>) -> Result<(), lambdio::Error> {
    if token.is_none() {
        return Err(Code::Unauthenticated.into());
    }
    Ok(())
}

#[route(get = "/functions/{id}/{*rest}")]
async fn page(Path((id, rest)): Path<(u32, String)>) -> WithStatus<Html> {
    WithStatus(404, Html(format!("{id} {rest}")))
}

/// Clients should ask for something else.
#[deprecated]
#[handler(event = "deprecated")]
pub async fn deprecated() {}

macro_rules! handlers {
    ($($name:ident $event:literal $ty:ty),*) => {$(
        #[handler(namespace = "/functions", event = $event)]
        async fn $name(Data(value): Data<$ty>) -> $ty {
            value
        }
    )*};
}

handlers!(number "number" u32, text "text" String, list "list" Vec<Vec<u8>>);

#[test]
fn a_handler_may_stand_inside_a_function() {
    #[payload]
    struct Local {
        value: u32,
    }

    #[handler(namespace = "/functions", event = "inside")]
    async fn inside(Data(local): Data<Local>) -> Local {
        Local { value: local.value + 1 }
    }
}
