//! What every server of the benchmark serves: an echo, a room, a namespace that may ask for a login.

use lambdio::prelude::*;
use serde_json::Value;

#[event(namespace = "/", name = "note")]
struct Note(String);

/// Gives back what it gets.
#[handler(namespace = "/", event = "echo")]
async fn echo(Data(payload): Data<Value>) -> Value {
    payload
}

/// Enters a room.
#[handler(namespace = "/", event = "join")]
async fn join(Data(room): Data<String>, socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.join(room)?)
}

#[payload]
struct Shout {
    room: String,
    text: String,
}

/// Tells everybody in a room.
#[handler(namespace = "/", event = "shout")]
async fn shout(Data(Shout { room, text }): Data<Shout>, socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.to(room).emit(&Note(text))?)
}

/// Has a namespace of its own, which the configuration may open to those who are logged in only.
#[handler(namespace = "/private", event = "greet")]
async fn greet() -> &'static str {
    "hello"
}
