//! A handler and a route that ask for a role, where nobody logs in: start errors.

use lambdio::prelude::*;

#[handler(namespace = "/open", event = "wipe", roles = ["admin"])]
async fn wipe() {}

#[handler(namespace = "/open", event = "read")]
async fn read() {}

#[route(delete = "/everything", roles = ["admin"])]
async fn wipe_over_http() {}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
