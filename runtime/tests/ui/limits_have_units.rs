use lambdio::prelude::*;

#[handler(event = "one", max_payload_size = "64")]
async fn no_unit() {}

#[handler(event = "two", max_payload_size = 64)]
async fn no_text() {}

#[handler(event = "three", max_in_flight = 0)]
async fn nobody() {}

#[handler(event = "four", max_in_flight = "10")]
async fn no_number() {}

#[handler(event = "five", concurrent = true)]
async fn no_flag() {}

fn main() {}
