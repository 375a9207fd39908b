use lambdio::prelude::*;

#[handler(event = "say", event = "shout")]
async fn say() {}

fn main() {}
