use lambdio::prelude::*;

#[middleware(namespace = "/chat")]
async fn which() {}

#[middleware]
async fn none() {}

#[middleware(conect)]
async fn typing() {}

#[middleware(connect, event)]
async fn both() {}

#[middleware(event)]
async fn no_reply(next: Next) -> Result<(), lambdio::Error> {
    next.run().await.map(drop)
}

#[handler(event = "say")]
async fn next_is_for_middleware(_: Next) {}

fn main() {}
