use lambdio::prelude::*;

#[handler(namespace = "chat", event = "say")]
async fn say() {}

#[connect(namespace = "/chat/")]
async fn arrive() {}

#[disconnect(namespace = "/a,b")]
async fn leave() {}

#[middleware(connect, namespace = "")]
async fn check() {}

fn main() {}
