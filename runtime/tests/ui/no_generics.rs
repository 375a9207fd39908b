use lambdio::prelude::*;

#[handler(event = "say")]
async fn say<T>(Data(_): Data<T>) {}

#[handler(event = "borrow")]
async fn borrow<'a>() {}

#[event(name = "said")]
struct Said<T> {
    text: T,
}

fn main() {}
