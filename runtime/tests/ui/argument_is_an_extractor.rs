use lambdio::prelude::*;

struct Plain;

#[handler(event = "number")]
async fn number(_: u32) {}

#[handler(event = "no_payload")]
async fn no_payload(Data(_): Data<Plain>) {}

#[handler(event = "no_arguments")]
async fn no_arguments(Args(_): Args<u32>) {}

#[handler(event = "no_payload_among_arguments")]
async fn no_payload_among_arguments(Args((_, _)): Args<(u32, Plain)>) {}

#[disconnect]
async fn leave(Data(_): Data<String>) {}

#[route(get = "/")]
async fn page(_: Socket) {}

#[handler(event = "not_stored")]
async fn not_stored(_: Collection<Plain>) {}

fn main() {}
