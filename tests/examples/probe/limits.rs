//! What waits, what runs beside, and what is too much, in `/limits`.

use lambdio::prelude::*;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// What handlers wait for, and how many of them run.
#[derive(Default)]
pub struct Gates {
    open: Notify,
    running: AtomicUsize,
    most: AtomicUsize,
    waiting: Mutex<Vec<u64>>,
}

/// One that runs, until it is dropped.
struct Inside(Arc<Gates>);

impl Inside {
    fn enter(gates: &Provided<Gates>) -> Self {
        let running = gates.running.fetch_add(1, Ordering::SeqCst) + 1;
        gates.most.fetch_max(running, Ordering::SeqCst);
        Self(gates.0.clone())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn wait(number: u64, gates: Provided<Gates>) -> u64 {
    let _inside = Inside::enter(&gates);
    let open = gates.open.notified();
    gates.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(number);
    open.await;
    number
}

/// Waits for `open`, and later events go on meanwhile.
#[handler(namespace = "/limits", event = "wait_beside", concurrent)]
async fn wait_beside(Data(number): Data<u64>, gates: Provided<Gates>) -> u64 {
    wait(number, gates).await
}

/// Waits for `open`, and so do later events.
#[handler(namespace = "/limits", event = "wait")]
async fn wait_in_order(Data(number): Data<u64>, gates: Provided<Gates>) -> u64 {
    wait(number, gates).await
}

/// Opens for all that wait. Says who they were, in the order they began.
#[handler(namespace = "/limits", event = "open")]
async fn open(gates: Provided<Gates>) -> Vec<u64> {
    let waiting = std::mem::take(&mut *gates.waiting.lock().unwrap_or_else(PoisonError::into_inner));
    gates.open.notify_waiters();
    waiting
}

/// The same over HTTP, for when no socket gets through.
#[route(post = "/limits/open")]
async fn open_from_outside(gates: Provided<Gates>) -> Vec<u64> {
    let waiting = std::mem::take(&mut *gates.waiting.lock().unwrap_or_else(PoisonError::into_inner));
    gates.open.notify_waiters();
    waiting
}

/// Waits for `open`, over HTTP.
#[route(post = "/limits/wait")]
async fn wait_over_http(Data(number): Data<u64>, gates: Provided<Gates>) -> u64 {
    wait(number, gates).await
}

/// How many ran at the same time, at most.
#[handler(namespace = "/limits", event = "most")]
async fn most(gates: Provided<Gates>) -> usize {
    gates.most.load(Ordering::SeqCst)
}

/// The same over HTTP.
#[route(get = "/limits/most")]
async fn most_over_http(gates: Provided<Gates>) -> usize {
    gates.most.load(Ordering::SeqCst)
}

/// How many run now.
#[handler(namespace = "/limits", event = "running")]
async fn running(gates: Provided<Gates>) -> usize {
    gates.running.load(Ordering::SeqCst)
}

/// The same over HTTP, where requests need no slot of events.
#[route(get = "/limits/running")]
async fn running_over_http(gates: Provided<Gates>) -> usize {
    gates.running.load(Ordering::SeqCst)
}

#[handler(namespace = "/limits", event = "two_at_a_time", concurrent, max_in_flight = 2)]
async fn two_at_a_time(gates: Provided<Gates>) {
    let _inside = Inside::enter(&gates);
    tokio::time::sleep(Duration::from_millis(5)).await;
}

#[route(post = "/limits/two_at_a_time", max_in_flight = 2)]
async fn two_at_a_time_over_http(gates: Provided<Gates>) {
    let _inside = Inside::enter(&gates);
    tokio::time::sleep(Duration::from_millis(5)).await;
}

#[route(post = "/limits/never", timeout = "100ms")]
async fn never() {
    std::future::pending::<()>().await;
}

#[route(post = "/limits/short", max_payload_size = "100B")]
async fn short_over_http(Data(text): Data<String>) -> usize {
    text.len()
}

#[handler(namespace = "/limits", event = "short", max_payload_size = "100B")]
async fn short(Data(text): Data<String>) -> usize {
    text.len()
}

#[handler(namespace = "/limits", event = "length")]
async fn length(Data(text): Data<String>) -> usize {
    text.len()
}

#[handler(namespace = "/limits", event = "join")]
async fn join(Data(rooms): Data<Vec<String>>, socket: Socket) -> Result<usize, lambdio::Error> {
    socket.join(rooms)?;
    Ok(socket.rooms().len())
}

#[event(namespace = "/limits", name = "tick")]
struct Tick(Args<(usize, String)>);

#[event(namespace = "/limits", name = "picture")]
struct Picture {
    number: usize,
    bytes: Binary,
}

#[payload]
struct Burst {
    count: usize,
    size: usize,
}

/// Sends so many events in one go, and acknowledges after them.
#[handler(namespace = "/limits", event = "burst")]
async fn burst(Data(Burst { count, size }): Data<Burst>, socket: Socket) -> Result<usize, lambdio::Error> {
    for number in 0..count {
        socket.emit(&Tick(Args((number, "x".repeat(size)))))?;
    }
    Ok(count)
}

/// The same to everybody in a room, and with bytes.
#[handler(namespace = "/limits", event = "burst_to_room")]
async fn burst_to_room(Data(Burst { count, size }): Data<Burst>, socket: Socket) -> Result<usize, lambdio::Error> {
    for number in 0..count {
        socket.within("readers").emit(&Picture { number, bytes: Binary::from(vec![7; size]) })?;
    }
    Ok(count)
}
