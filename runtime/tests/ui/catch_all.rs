use lambdio::prelude::*;

#[handler(any, event = "say")]
async fn both() {}

#[handler(any = true)]
async fn a_value() {}

#[handler(event = "*")]
async fn the_star() {}

#[connect]
async fn no_event(_: EventName) {}

fn main() {}
