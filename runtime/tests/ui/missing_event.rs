use lambdio::prelude::*;

#[handler(namespace = "/chat")]
async fn say() {}

#[handler]
async fn shout() {}

fn main() {}
