use lambdio::prelude::*;

#[handler(event = "one")]
async fn one(_: &Socket) {}

#[handler(event = "two")]
async fn two(_: &str) {}

#[handler(event = "three")]
async fn three(Data(_): Data<&str>) {}

#[handler(event = "four")]
async fn four(_: impl Extract<lambdio::context::EventContext>) {}

fn main() {}
