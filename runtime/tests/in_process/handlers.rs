//! The handlers of these tests: `/work` does things, `/who` asks clients who they are, `/any` takes everything.

#![allow(clippy::panic, reason = "panics of handlers are what is tested")]

use crate::support::{Gate, Journal};
use lambdio::prelude::*;

#[handler(namespace = "/work", event = "number")]
async fn number(Data(number): Data<u32>, Provided(journal): Provided<Journal>) -> u32 {
    if number % 3 == 0 {
        tokio::task::yield_now().await;
    }
    journal.write(number.to_string());
    number
}

#[handler(namespace = "/work", event = "sum")]
async fn sum(Args((one, other)): Args<(u32, u32)>) -> u32 {
    one + other
}

/// Begins, and ends when the test opens the gate.
#[handler(namespace = "/work", event = "hold")]
async fn hold(Provided(journal): Provided<Journal>, Provided(gate): Provided<Gate>) -> &'static str {
    journal.write("begun");
    gate.passed().await;
    journal.write("ended");
    "let go"
}

#[handler(namespace = "/work", event = "explode")]
async fn explode() -> bool {
    panic!("hunter2")
}

#[handler(namespace = "/work", event = "refuse")]
async fn refuse() -> Result<(), lambdio::Error> {
    Err(Code::Forbidden.into())
}

#[event(namespace = "/work", name = "heard")]
struct Heard(String);

#[handler(namespace = "/work", event = "shout")]
async fn shout(Data(text): Data<String>, emitter: Emitter) -> Result<(), lambdio::Error> {
    emitter.all().emit(&Heard(text))?;
    Ok(())
}

#[event(namespace = "/work", name = "sure", ack = bool)]
struct Sure(String);

#[handler(namespace = "/work", event = "decide")]
async fn decide(socket: Socket) -> Result<bool, lambdio::Error> {
    Ok(socket.emit_with_ack(&Sure("really".to_owned())).await?)
}

#[handler(namespace = "/work", event = "put_me_out")]
async fn put_me_out(socket: Socket) {
    socket.disconnect();
}

#[disconnect(namespace = "/work")]
async fn left(reason: DisconnectReason, Provided(journal): Provided<Journal>) {
    journal.write(format!("left: {reason}"));
}

#[route(get = "/journal")]
async fn journal(Provided(journal): Provided<Journal>) -> Vec<String> {
    journal.read()
}

#[payload]
pub struct Name {
    name: Option<String>,
}

#[payload]
pub struct Room {
    room: Option<String>,
}

#[middleware(connect, namespace = "/who", order = 1)]
async fn introduce(
    HandshakeAuth(Name { name }): HandshakeAuth<Name>,
    HandshakeQuery(Room { room }): HandshakeQuery<Room>,
    handshake: Handshake,
    Provided(journal): Provided<Journal>,
) -> Result<(), lambdio::Error> {
    let name = name.ok_or(Code::Forbidden)?;
    let (language, address) = (handshake.header("accept-language"), handshake.address());
    journal.write(format!("{name} {room:?} {language:?} {address:?}"));
    Ok(())
}

#[handler(namespace = "/who", event = "are_you_there")]
async fn are_you_there() -> bool {
    true
}

#[handler(namespace = "/any", any)]
async fn anything(event: EventName) -> String {
    event.to_string()
}
