use lambdio::prelude::*;

#[handler(event = "one")]
fn one() {}

#[handler(event = "two")]
async unsafe fn two() {}

#[handler(event = "three")]
async fn three() -> impl Send {}

#[handler(event = "four")]
struct Four;

#[handler(event = "five")]
async fn five(#[cfg(test)] socket: Socket) {}

fn main() {}
