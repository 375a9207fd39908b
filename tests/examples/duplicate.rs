//! Two handlers for one event, and an event of the runtime's own: start errors.

use lambdio::prelude::*;

#[handler(namespace = "/twice", event = "same")]
async fn first() {}

#[handler(namespace = "/twice", event = "same")]
async fn second() {}

#[event(namespace = "/twice", name = "presence_left")]
struct Left;

#[handler(namespace = "/twice", event = "watch")]
async fn watch(_presence: Presence) {}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
