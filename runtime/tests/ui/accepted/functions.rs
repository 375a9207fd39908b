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

/// A middleware may be given every extractor of events.
#[middleware(event, namespace = "/functions", order = 3)]
async fn around(
    event: EventName,
    socket: Socket,
    user: std::option::Option<User>,
    Data(_): Data<std::option::Option<u32>>,
    Args(()): Args<()>,
    next: Next,
) -> Fallible<Reply> {
    let _ = (socket, user);
    if event == "refused" {
        return Err(Code::Forbidden.into());
    }
    tokio::spawn(next.attach(event).run()).await?
}

mod guards {
    use lambdio::prelude::*;

    /// Looks at what the handler has.
    #[guard]
    pub(super) async fn r#match(_: Emitter, Data(number): Data<u32>) -> Result<(), lambdio::Error> {
        if number > 1 { Ok(()) } else { Err(Code::Forbidden.into()) }
    }

    #[guard]
    pub(super) async fn nobody() -> Result<(), lambdio::Error> {
        Err(Code::Forbidden.into())
    }
}

/// A guard written by hand, for whatever it is asked.
struct Role<const LEVEL: u8>;

impl<C: lambdio::context::HasUser, const LEVEL: u8> lambdio::Guard<C> for Role<LEVEL> {
    async fn check(cx: &mut C) -> Result<(), lambdio::Error> {
        if cx.user().await?.is_some() && LEVEL > 0 { Ok(()) } else { Err(Code::Forbidden.into()) }
    }
}

use guards::nobody;

#[handler(namespace = "/functions", event = "guarded", guard = guards::r#match)]
async fn guarded() {}

#[handler(namespace = "/functions", event = "by_role", guard = Role<3>)]
async fn by_role() {}

#[route(post = "/functions", guard = nobody)]
async fn guarded_route() {}

#[handler(namespace = "/functions", any, blocking, guard = nobody)]
fn whatever(event: EventName, left: Attached<EventName>) -> Fallible<bool> {
    if left.is_empty() { Err(Code::Forbidden.into()) } else { Ok(event == left.as_str()) }
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
