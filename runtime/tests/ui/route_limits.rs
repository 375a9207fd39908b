use lambdio::prelude::*;

#[route(get = "/one", timeout = "soon")]
async fn no_time() {}

#[route(get = "/two", max_in_flight = 0)]
async fn nobody() {}

#[route(post = "/three", max_payload_size = 64)]
async fn no_unit() {}

#[route(get = "/four", concurrent)]
async fn no_such_key() {}

fn main() {}
