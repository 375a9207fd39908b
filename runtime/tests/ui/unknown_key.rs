use lambdio::prelude::*;

#[handler(namespace = "/chat", evnt = "say")]
async fn say() {}

#[connect(namespaces = "/chat")]
async fn arrive() {}

#[route(fetch = "/")]
async fn page() {}

fn main() {}
