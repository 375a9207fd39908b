//! Handlers that ask who is there, where nobody can log in; and one that asks for what nobody provides: start errors.

use lambdio::prelude::*;

struct Mailer;

#[handler(namespace = "/open", event = "greet")]
async fn greet(user: User) -> String {
    user.name().to_owned()
}

#[handler(namespace = "/open", event = "mail")]
async fn mail(_mailer: Provided<Mailer>) {}

#[route(get = "/me")]
async fn me(user: User) -> String {
    user.name().to_owned()
}

#[derive(Clone)]
struct Badge;

#[route(get = "/badge")]
async fn badge(_user: User<Badge>) {}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
