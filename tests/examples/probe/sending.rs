//! What goes to others, in `/sending`.

use lambdio::{AckError, EmitError, prelude::*};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

#[event(namespace = "/sending", name = "note")]
struct Note(String);

#[event(namespace = "/sending", name = "question", ack = String)]
struct Question {
    text: String,
}

#[event(namespace = "/elsewhere", name = "elsewhere")]
struct Elsewhere;

/// Sends notes from outside any handler.
pub struct Later(UnboundedSender<String>);

impl Later {
    pub fn start(emitter: Emitter) -> Self {
        let (sender, mut notes) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(text) = notes.recv().await {
                let _ = emitter.to("later").emit(&Note(text));
            }
        });
        Self(sender)
    }
}

/// Whom a note is for.
#[payload]
#[serde(rename_all = "snake_case")]
enum Whom {
    Me,
    All,
    Others,
    Room(String),
    RoomWithMe(String),
    Rooms(Vec<String>),
    TwiceTo(String, String),
    NotIn(String),
    RoomNotIn(String, String),
    Socket(SocketId),
    NotSocket(SocketId),
    Nobody,
}

#[payload]
struct Order {
    to: Whom,
    text: String,
}

#[handler(namespace = "/sending", event = "send")]
async fn send(Data(Order { to, text }): Data<Order>, socket: Socket, emitter: Emitter) -> Result<(), lambdio::Error> {
    let note = Note(text);
    match to {
        Whom::Me => socket.emit(&note)?,
        Whom::All => emitter.emit(&note)?,
        Whom::Others => socket.broadcast().emit(&note)?,
        Whom::Room(room) => socket.to(room).emit(&note)?,
        Whom::RoomWithMe(room) => socket.within(room).emit(&note)?,
        Whom::Rooms(rooms) => emitter.to(rooms).emit(&note)?,
        Whom::TwiceTo(one, other) => emitter.to(one).to(other).emit(&note)?,
        Whom::NotIn(room) => emitter.except(room).emit(&note)?,
        Whom::RoomNotIn(room, except) => emitter.to(room).except(except).emit(&note)?,
        Whom::Socket(id) => emitter.to_socket(&id).emit(&note)?,
        Whom::NotSocket(id) => emitter.all().except_socket(&id).emit(&note)?,
        Whom::Nobody => emitter.to(Vec::<String>::new()).emit(&note)?,
    }
    Ok(())
}

#[route(post = "/sending/all")]
async fn send_from_a_route(Data(text): Data<String>, emitter: Emitter) -> Result<(), lambdio::Error> {
    Ok(emitter.emit(&Note(text))?)
}

#[route(post = "/sending/room/{room}")]
async fn send_to_a_room_from_a_route(
    Path(room): Path<String>,
    Data(text): Data<String>,
    emitter: Emitter,
) -> Result<(), lambdio::Error> {
    Ok(emitter.to(room).emit(&Note(text))?)
}

#[route(post = "/sending/later")]
async fn send_from_a_task(Data(text): Data<String>, later: Provided<Later>) -> Result<(), lambdio::Error> {
    Ok(later.0.0.send(text)?)
}

#[handler(namespace = "/sending", event = "join")]
async fn join(Data(rooms): Data<Vec<String>>, socket: Socket) -> Result<Vec<String>, lambdio::Error> {
    socket.join(rooms)?;
    Ok(socket.rooms())
}

#[handler(namespace = "/sending", event = "leave")]
async fn leave(Data(rooms): Data<Vec<String>>, socket: Socket) -> Vec<String> {
    socket.leave(rooms);
    socket.rooms()
}

#[handler(namespace = "/sending", event = "who_am_i")]
async fn who_am_i(socket: Socket) -> SocketId {
    socket.id().clone()
}

/// Who is in a room, sorted.
#[handler(namespace = "/sending", event = "members")]
async fn members(Data(room): Data<String>, emitter: Emitter) -> Vec<SocketId> {
    let mut ids: Vec<SocketId> = emitter.sockets("/sending", room).iter().map(|socket| socket.id().clone()).collect();
    ids.sort();
    ids
}

#[derive(Clone, Default)]
struct Memory(Vec<String>);

#[handler(namespace = "/sending", event = "remember")]
async fn remember(Data(text): Data<String>, socket: Socket) -> usize {
    socket.data().update(|memory: &mut Memory| {
        memory.0.push(text);
        memory.0.len()
    })
}

#[handler(namespace = "/sending", event = "recall")]
async fn recall(socket: Socket) -> Option<Vec<String>> {
    socket.data().get::<Memory>().map(|memory| memory.0)
}

#[handler(namespace = "/sending", event = "forget")]
async fn forget(socket: Socket) -> bool {
    socket.data().remove::<Memory>().is_some()
}

#[payload]
struct Asking {
    room: Option<String>,
    timeout_ms: u64,
}

#[payload]
#[serde(rename_all = "snake_case")]
enum Answered {
    With(String),
    Timeout,
    Misfit,
    Gone,
}

impl From<Result<String, AckError>> for Answered {
    fn from(answer: Result<String, AckError>) -> Self {
        match answer {
            Ok(text) => Self::With(text),
            Err(AckError::Timeout(_)) => Self::Timeout,
            Err(AckError::Misfit(_)) => Self::Misfit,
            Err(_) => Self::Gone,
        }
    }
}

/// Asks the sender itself.
#[handler(namespace = "/sending", event = "ask_me")]
async fn ask_me(Data(asking): Data<Asking>, socket: Socket) -> Answered {
    let question = Question { text: "ready?".to_owned() };
    socket.emit_with_ack(&question).timeout(Duration::from_millis(asking.timeout_ms)).await.into()
}

/// Asks the sender itself, for as long as the configuration says.
#[handler(namespace = "/sending", event = "ask_me_by_default")]
async fn ask_me_by_default(socket: Socket) -> Answered {
    socket.emit_with_ack(&Question { text: "ready?".to_owned() }).await.into()
}

#[payload]
struct AnsweredBy {
    id: SocketId,
    answer: Answered,
}

/// Asks everybody in a room, or everybody.
#[handler(namespace = "/sending", event = "ask_many")]
async fn ask_many(Data(asking): Data<Asking>, emitter: Emitter) -> Result<Vec<AnsweredBy>, lambdio::Error> {
    let question = Question { text: "ready?".to_owned() };
    let recipients = asking.room.map_or_else(|| emitter.all(), |room| emitter.to(room));
    let timeout = Duration::from_millis(asking.timeout_ms);
    let answers = recipients.emit_with_ack(&question).timeout(timeout).await?;
    Ok(answers.into_iter().map(|(id, answer)| AnsweredBy { id, answer: answer.into() }).collect())
}

/// An event of another namespace cannot go through this socket.
#[handler(namespace = "/sending", event = "send_elsewhere")]
async fn send_elsewhere(socket: Socket) -> bool {
    matches!(socket.emit(&Elsewhere), Err(EmitError::OtherNamespace { .. }))
}

#[handler(namespace = "/sending", event = "put_me_out")]
async fn put_me_out(socket: Socket) {
    socket.disconnect();
}

/// A namespace beside the first, for clients that are in both.
#[handler(namespace = "/elsewhere", event = "ping_elsewhere")]
async fn ping_elsewhere(socket: Socket) -> Result<String, lambdio::Error> {
    socket.emit(&Elsewhere)?;
    Ok(socket.namespace().to_owned())
}
