//! A handler that asks who is there, where nobody logs in; and one that asks for what nobody provides: start errors.

use lambdio::prelude::*;

struct Mailer;

#[handler(namespace = "/open", event = "greet")]
async fn greet(user: User) -> String {
    user.name().to_owned()
}

#[handler(namespace = "/open", event = "mail")]
async fn mail(_mailer: Provided<Mailer>) {}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
