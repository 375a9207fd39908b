//! What is told of whom, in `/logs` and under `/logs/`.

#![allow(clippy::panic, reason = "panics of handlers are what is tested")]

use lambdio::prelude::*;
use std::{thread, time::Duration};

/// Says what it is told, with fields of its own.
#[handler(namespace = "/logs", event = "say")]
async fn say(Data(text): Data<String>) -> InvocationName {
    let span = tracing::info_span!("outer", order = 7, access_token = "hunter2-in-a-span");
    span.in_scope(|| {
        tracing::info!(
            event = "mine",
            message_of_client = text,
            password = "hunter2-as-a-field",
            form.Secret = "hunter2-behind-a-dot",
            passwords = 2,
            "said {text}"
        );
    });
    InvocationName {}
}

/// A reply without anything in it.
#[payload]
struct InvocationName {}

/// Says something quietly, now and after a while.
#[handler(namespace = "/logs", event = "murmur")]
async fn murmur() {
    tracing::debug!("murmured");
    tokio::task::yield_now().await;
    tracing::debug!("murmured again");
}

/// The same, by another name.
#[handler(namespace = "/logs", event = "mutter")]
async fn mutter() {
    tracing::debug!("muttered");
}

/// Waits so many milliseconds as it should.
#[handler(namespace = "/logs", event = "wait")]
async fn wait(Data(milliseconds): Data<u64>) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// Waits so many milliseconds as it should not.
#[handler(namespace = "/logs", event = "block")]
async fn block(Data(milliseconds): Data<u64>) {
    thread::sleep(Duration::from_millis(milliseconds));
}

/// Waits so many milliseconds where it may.
#[handler(namespace = "/logs", event = "block_apart", blocking)]
fn block_apart(Data(milliseconds): Data<u64>) {
    thread::sleep(Duration::from_millis(milliseconds));
    tracing::info!("blocked apart");
}

#[handler(namespace = "/logs", event = "panic")]
async fn panic() {
    panic!("on purpose,\non two lines");
}

#[handler(namespace = "/logs", any)]
async fn anything() {
    tracing::info!("anything");
}

#[route(get = "/logs/say")]
async fn say_over_http() -> bool {
    tracing::info!("said over HTTP");
    true
}

#[route(get = "/logs/fail")]
async fn fail_over_http() -> Result<bool, lambdio::Error> {
    Err(Code::Internal.into())
}
