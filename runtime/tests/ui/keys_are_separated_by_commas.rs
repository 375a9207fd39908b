use lambdio::prelude::*;

#[handler(namespace = "/chat" event = "say")]
async fn say() {}

#[handler(event "say")]
async fn say_again() {}

#[handler("say")]
async fn say_at_last() {}

fn main() {}
