use lambdio::prelude::*;

#[handler(event = "connect")]
async fn arrive() {}

#[handler(event = "disconnect")]
async fn leave() {}

#[event(name = "exception")]
struct Failed;

#[event(name = "newListener")]
struct Listens;

#[handler(event = "say \"hello\"")]
async fn say() {}

fn main() {}
