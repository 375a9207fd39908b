//! Two handlers for one event: a start error.

use lambdio::prelude::*;

#[handler(namespace = "/twice", event = "same")]
async fn first() {}

#[handler(namespace = "/twice", event = "same")]
async fn second() {}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
