//! Coming, going, and the order in between, in `/life`.

use lambdio::prelude::*;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// What happened, in the order it happened.
#[derive(Default)]
pub struct Journal(Mutex<Vec<Entry>>);

#[payload]
#[derive(Clone)]
struct Entry {
    /// The client's name, from the query of its connection.
    client: String,
    what: String,
    rooms: Vec<String>,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn write(&self, client: &ClientName, what: String, rooms: Vec<String>) {
        self.lock().push(Entry { client: client.0.clone(), what, rooms });
    }
}

#[route(get = "/life/journal")]
async fn journal(journal: Provided<Journal>) -> Vec<Entry> {
    journal.lock().clone()
}

#[derive(Clone)]
pub struct ClientName(pub String);

#[payload]
pub struct Query {
    #[serde(default)]
    pub client: String,
}

fn client_of(socket: &Socket) -> ClientName {
    socket.data().get().unwrap_or_else(|| ClientName("(nobody)".to_owned()))
}

#[connect(namespace = "/life")]
async fn arrive(
    socket: Socket,
    HandshakeQuery(query): HandshakeQuery<Query>,
    journal: Provided<Journal>,
) -> Result<(), lambdio::Error> {
    // long enough for a handler that would not wait for this one
    tokio::time::sleep(Duration::from_millis(50)).await;
    socket.join("everybody")?;
    let client = ClientName(query.client);
    journal.write(&client, "arrived".to_owned(), socket.rooms());
    socket.data().insert(client);
    Ok(())
}

#[disconnect(namespace = "/life")]
async fn depart(socket: Socket, reason: DisconnectReason, journal: Provided<Journal>) {
    journal.write(&client_of(&socket), format!("left: {reason}"), socket.rooms());
}

#[handler(namespace = "/life", event = "hello")]
async fn hello(socket: Socket) -> String {
    client_of(&socket).0
}

#[handler(namespace = "/life", event = "join")]
async fn join(Data(room): Data<String>, socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.join(room)?)
}

/// Takes a while that nobody can foresee, as real handlers do.
#[handler(namespace = "/life", event = "work")]
async fn work(Data(number): Data<u64>, socket: Socket, journal: Provided<Journal>) -> u64 {
    let while_ = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61;
    if while_ > 3 {
        tokio::time::sleep(Duration::from_millis(while_ - 3)).await;
    } else {
        tokio::task::yield_now().await;
    }
    journal.write(&client_of(&socket), format!("worked {number}"), vec![]);
    number
}

/// Is still at it when its client has left.
#[handler(namespace = "/life", event = "work_on")]
async fn work_on(socket: Socket, journal: Provided<Journal>) {
    let client = client_of(&socket);
    journal.write(&client, "began".to_owned(), vec![]);
    while socket.is_connected() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let joined = socket.join("ghosts").is_ok();
    journal.write(&client, format!("ended, joined a room: {joined}"), socket.rooms());
}

/// How many sockets are in a room.
#[handler(namespace = "/life", event = "count")]
async fn count(Data(room): Data<String>, emitter: Emitter) -> usize {
    emitter.sockets("/life", room).len()
}

/// Puts its client out.
#[handler(namespace = "/life", event = "put_me_out")]
async fn put_me_out(socket: Socket) {
    socket.disconnect();
}

/// Puts everybody in a room out.
#[handler(namespace = "/life", event = "put_out")]
async fn put_out(Data(room): Data<String>, emitter: Emitter) -> usize {
    emitter.to(room).disconnect("/life")
}

#[handler(namespace = "/life", event = "fail")]
#[allow(clippy::panic, reason = "panics of handlers are what is tested")]
async fn fail() {
    panic!("on purpose");
}

#[event(namespace = "/life", name = "noise")]
struct Noise(String);

/// Sends a lot.
#[handler(namespace = "/life", event = "noise")]
async fn noise(Data(count): Data<usize>, socket: Socket) -> Result<(), lambdio::Error> {
    let noise = Noise("x".repeat(100_000));
    for _ in 0..count {
        socket.broadcast().emit(&noise)?;
    }
    Ok(())
}

/// Who is in `/panics_at_the_end` and in `/hangs_at_the_end`.
#[route(get = "/life/ghosts")]
async fn ghosts(emitter: Emitter) -> usize {
    ["/panics_at_the_end", "/hangs_at_the_end"].iter().map(|namespace| emitter.sockets(namespace, "room").len()).sum()
}

#[connect(namespace = "/panics_at_the_end")]
async fn join_the_room(socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.join("room")?)
}

#[disconnect(namespace = "/panics_at_the_end")]
#[allow(clippy::panic, reason = "panics of handlers are what is tested")]
async fn panic_at_the_end() {
    panic!("on purpose, at the end");
}

#[connect(namespace = "/hangs_at_the_end")]
async fn join_the_room_too(socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.join("room")?)
}

#[disconnect(namespace = "/hangs_at_the_end")]
async fn hang_at_the_end() {
    std::future::pending::<()>().await;
}

/// The public name of the client's socket.
#[handler(namespace = "/life", event = "my_id")]
async fn my_id(socket: Socket) -> SocketId {
    socket.id().clone()
}
