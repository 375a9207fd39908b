//! What stands around handlers, in `/around` and under `/around/`; what blocks, in `/blocking`.

#![allow(clippy::panic, reason = "panics of handlers are what is tested")]

use garde::Validate;
use lambdio::prelude::*;
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

/// What has run so far, in order.
#[derive(Clone)]
struct Trail(Vec<&'static str>);

#[middleware(event, namespace = "/around", order = 1)]
async fn outer(event: EventName, socket: Socket, next: Next) -> Result<Reply, lambdio::Error> {
    let reply = next.attach(Trail(vec!["outer"])).run().await;
    if event == "trail" {
        let finished = socket.data().get::<Trail>().map(|Trail(steps)| steps).unwrap_or_default();
        assert_eq!(finished, ["inner"], "what is inside has finished");
    }
    reply
}

#[middleware(event, namespace = "/around", order = 2)]
async fn doorman(event: EventName, args: Args<Vec<Value>>, next: Next) -> Result<Reply, lambdio::Error> {
    match event.as_str() {
        "forbidden" => Err(Code::Forbidden.into()),
        "instead" => Reply::new(&json!({ "instead": args.0.len() })),
        "instead_spread" => Reply::spread(&Args((1, 2))),
        "explode" => panic!("hunter2 in a middleware"),
        "secret" => Err(std::io::Error::other("the password is hunter2").into()),
        "calmed" => match next.run().await {
            Err(error) => Reply::new(&error.code()),
            reply => reply,
        },
        _ => next.run().await,
    }
}

#[middleware(event, namespace = "/around", order = 3)]
async fn inner(trail: Attached<Trail>, socket: Socket, next: Next) -> Result<Reply, lambdio::Error> {
    let mut steps = trail.0.0.clone();
    steps.push("inner");
    let reply = next.attach(Trail(steps)).run().await;
    socket.data().insert(Trail(vec!["inner"]));
    reply
}

#[handler(namespace = "/around", event = "trail")]
async fn trail(trail: Attached<Trail>) -> Vec<String> {
    trail.0.0.iter().map(ToString::to_string).collect()
}

#[handler(namespace = "/around", event = "missing")]
async fn missing(_: Attached<Duration>) {}

/// Must never run.
#[handler(namespace = "/around", event = "forbidden")]
async fn forbidden() {
    panic!("a middleware has refused this");
}

#[handler(namespace = "/around", event = "instead")]
async fn instead() {
    panic!("a middleware has answered this");
}

#[handler(namespace = "/around", event = "instead_spread")]
async fn instead_spread() {
    panic!("a middleware has answered this");
}

#[handler(namespace = "/around", event = "explode")]
async fn explode() {}

#[handler(namespace = "/around", event = "secret")]
async fn secret() {}

#[handler(namespace = "/around", event = "calmed")]
async fn calmed() -> Result<(), lambdio::Error> {
    Err(Code::Unavailable.into())
}

#[handler(namespace = "/around", event = "slow", timeout = "100ms")]
async fn slow() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[handler(namespace = "/around", event = "switched_off")]
async fn switched_off() -> bool {
    true
}

/// Whatever nobody else serves.
#[handler(namespace = "/around", any, timeout = "5s")]
async fn whatever(event: EventName, Args(args): Args<Vec<Value>>, trail: Attached<Trail>) -> Value {
    json!({ "event": event.as_str(), "args": args, "trail": trail.0.0 })
}

/// The event that begins like a catch-all.
#[handler(namespace = "/around", event = "any")]
async fn any() -> String {
    "its own".to_owned()
}

#[derive(HandlerError)]
enum EditError {
    #[handler_error(code = "not_editable", status = 403, message = "{title} is not for you")]
    NotEditable { title: String },
    #[handler_error(other)]
    Other(lambdio::Error),
}

#[payload]
#[derive(Validate)]
struct Edit {
    #[garde(length(chars, min = 1, max = 8))]
    title: String,
    #[garde(dive)]
    #[serde(default)]
    parts: Vec<Part>,
}

#[payload]
#[derive(Validate)]
struct Part {
    #[garde(range(min = 1, max = 10))]
    size: u32,
}

static EDITS: AtomicUsize = AtomicUsize::new(0);

/// Refuses what begins with an x, and fails for one word.
#[guard]
async fn can_edit(Data(edit): Data<Edit>, handshake: Handshake) -> Result<(), EditError> {
    if edit.title == "broken" {
        return Err(std::io::Error::other("hunter2").into());
    }
    if edit.title.starts_with('x') && handshake.header("x-master").is_none() {
        return Err(EditError::NotEditable { title: edit.title });
    }
    Ok(())
}

#[handler(namespace = "/around", event = "edit", guard = can_edit)]
async fn edit(Valid(edit): Valid<Edit>) -> usize {
    EDITS.fetch_add(1, Ordering::Relaxed);
    edit.title.len() + edit.parts.iter().map(|part| part.size as usize).sum::<usize>()
}

#[route(post = "/around/edit", guard = can_edit)]
async fn post_edit(Valid(edit): Valid<Edit>) -> usize {
    EDITS.fetch_add(1, Ordering::Relaxed);
    edit.title.len()
}

/// How many edits the guard has let pass.
#[route(get = "/around/edits")]
async fn edits() -> usize {
    EDITS.load(Ordering::Relaxed)
}

/// The blocking handlers that run now, and the most that ever ran at the same time.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[handler(namespace = "/blocking", event = "work", timeout = "5s", blocking)]
fn work(Data(milliseconds): Data<u64>) -> u64 {
    MOST.fetch_max(RUNNING.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(milliseconds));
    RUNNING.fetch_sub(1, Ordering::SeqCst);
    milliseconds
}

#[handler(namespace = "/blocking", event = "overrun", timeout = "100ms", blocking)]
fn overrun(Data(milliseconds): Data<u64>) {
    RUNNING.fetch_add(1, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(milliseconds));
    RUNNING.fetch_sub(1, Ordering::SeqCst);
    println!("overrun has returned");
}

#[handler(namespace = "/blocking", event = "explode", blocking)]
fn explode_blocking() -> Result<(), lambdio::Error> {
    panic!("hunter2 on a thread of its own");
}

/// How many run now, and the most that ever ran at the same time.
#[route(get = "/blocking")]
async fn at_work() -> (usize, usize) {
    (RUNNING.load(Ordering::SeqCst), MOST.load(Ordering::SeqCst))
}
