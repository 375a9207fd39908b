//! An application that web pages talk to: it counts what has changed, however that came about.

use axum::routing::{get, post};
use lambdio::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

static CHANGES: AtomicUsize = AtomicUsize::new(0);

fn main() -> lambdio::ExitCode {
    let router = axum::Router::new().route("/plain", get(async || "plain")).route("/plain", post(plain));
    lambdio::App::new().router(router).run()
}

#[handler(namespace = "/pages", event = "change")]
async fn change() -> usize {
    CHANGES.fetch_add(1, Ordering::SeqCst) + 1
}

#[route(get = "/changes")]
async fn changes() -> usize {
    CHANGES.load(Ordering::SeqCst)
}

#[route(post = "/changes")]
async fn post_change() -> usize {
    change().await
}

#[route(put = "/changes")]
async fn put_change(Data(_): Data<Option<String>>) -> usize {
    change().await
}

#[route(patch = "/changes")]
async fn patch_change() -> usize {
    change().await
}

#[route(delete = "/changes")]
async fn delete_change() -> usize {
    change().await
}

#[route(post = "/pictures")]
async fn post_picture(picture: Binary) -> usize {
    change().await;
    picture.len()
}

async fn plain() -> String {
    change().await.to_string()
}
