use lambdio::prelude::*;

struct Plain;

#[handler(event = "one", guard = "can_edit")]
async fn a_string() {}

#[handler(event = "four", guard = Plain)]
async fn a_type() {}

#[guard]
async fn needs_a_socket(_: Socket) -> Result<(), lambdio::Error> {
    Ok(())
}

#[route(get = "/", guard = needs_a_socket)]
async fn no_socket_here() {}

#[guard]
async fn gives_nothing() {}

#[guard(namespace = "/")]
fn not_async() -> Result<(), lambdio::Error> {
    Ok(())
}

fn main() {}
