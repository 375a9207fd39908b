use lambdio::prelude::*;

#[payload]
struct Plain {
    text: String,
}

#[handler(event = "one")]
async fn no_rules(_: Valid<Plain>) {}

fn main() {}
