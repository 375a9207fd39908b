//! Middleware without an order, around nothing, and two catch-alls: start errors.

use lambdio::prelude::*;

#[handler(namespace = "/here", event = "served")]
async fn served() {}

#[middleware(event, namespace = "/here", order = 7)]
async fn one(next: Next) -> Result<Reply, lambdio::Error> {
    next.run().await
}

#[middleware(event, order = 7)]
async fn other(next: Next) -> Result<Reply, lambdio::Error> {
    next.run().await
}

/// In another chain the same order is no contradiction.
#[middleware(connect, namespace = "/here", order = 7)]
async fn entering() {}

#[middleware(event, namespace = "/her")]
async fn nowhere(next: Next) -> Result<Reply, lambdio::Error> {
    next.run().await
}

#[handler(namespace = "/here", any)]
async fn first() {}

#[handler(namespace = "/here", any)]
async fn second() {}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
