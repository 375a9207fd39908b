//! Crowds that come and go, in `/waves`.

use lambdio::prelude::*;
use std::time::Duration;
use tokio::runtime::Handle;

#[event(namespace = "/waves", name = "called")]
struct Called(String);

/// A handler waits for its client to leave.
#[event(namespace = "/waves", name = "lingers")]
struct Lingers;

/// What there is of clients in `/waves`.
#[payload]
struct Census {
    /// All sockets, in rooms or not.
    sockets: usize,
    /// Sockets in the rooms that were asked for.
    members: usize,
    /// Entries in the presence lists of these rooms.
    present: usize,
    /// Tasks of the whole process.
    tasks: usize,
}

/// Long enough for some to be gone before it is through.
#[connect(namespace = "/waves")]
async fn come(socket: Socket) -> Result<(), lambdio::Error> {
    tokio::task::yield_now().await;
    Ok(socket.join("everybody")?)
}

#[disconnect(namespace = "/waves")]
async fn go() {
    tokio::task::yield_now().await;
}

/// Is present in these rooms from now on.
#[handler(namespace = "/waves", event = "enter")]
async fn enter(Data(rooms): Data<Vec<String>>, presence: Presence) -> Result<(), lambdio::Error> {
    for room in rooms {
        presence.track(room, &())?;
    }
    Ok(())
}

/// Notes a number. Takes a while that nobody can foresee, as real handlers do.
#[handler(namespace = "/waves", event = "number")]
async fn number(Data(number): Data<u64>, socket: Socket) -> u64 {
    if number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58 == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    } else {
        tokio::task::yield_now().await;
    }
    socket.data().update(|noted: &mut Vec<u64>| noted.push(number));
    number
}

/// What was noted, in the order it was.
#[handler(namespace = "/waves", event = "noted")]
async fn noted(socket: Socket) -> Vec<u64> {
    socket.data().get().unwrap_or_default()
}

/// Says so, and is still at it when its client leaves.
#[handler(namespace = "/waves", event = "linger")]
async fn linger(socket: Socket) -> Result<(), lambdio::Error> {
    socket.emit(&Lingers)?;
    while socket.is_connected() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Calls everybody.
#[route(post = "/waves/call")]
async fn call(Data(text): Data<String>, emitter: Emitter) -> Result<(), lambdio::Error> {
    Ok(emitter.to("everybody").emit(&Called(text))?)
}

/// Counts everybody, and who is in the rooms `0`, `1`, … below this number.
#[route(get = "/waves/census/{rooms}")]
async fn census(Path(rooms): Path<usize>, emitter: Emitter) -> Census {
    let rooms: Vec<String> = (0..rooms).map(|room| room.to_string()).collect();
    let presence = emitter.presence("/waves");
    Census {
        sockets: emitter.all().sockets("/waves").len(),
        present: rooms.iter().map(|room| presence.list(room).len()).sum(),
        members: emitter.sockets("/waves", rooms).len(),
        tasks: Handle::current().metrics().num_alive_tasks(),
    }
}
