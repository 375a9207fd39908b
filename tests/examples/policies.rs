//! An application that says beside its functions who must be logged in. `/lounge` lets guests in, but not each event is for them;
//! `/vault` is for admins, `/desk` for everybody who is logged in; `/street` asks nobody.

use lambdio::prelude::*;

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}

#[connect(namespace = "/lounge", auth = "optional")]
async fn enter_lounge() {}

/// For everybody.
#[handler(namespace = "/lounge", event = "read")]
async fn read() -> &'static str {
    "the news"
}

/// For those who have a name.
#[handler(namespace = "/lounge", event = "sign")]
async fn sign(Data(text): Data<String>, user: User) -> String {
    format!("{text}, {}", user.name())
}

/// For those who are logged in, whoever they are.
#[handler(namespace = "/lounge", event = "vote", auth = "required")]
async fn vote(Data(choice): Data<u32>) -> u32 {
    choice
}

/// For admins.
#[handler(namespace = "/lounge", event = "wipe", roles = ["admin"])]
async fn wipe() {}

#[connect(namespace = "/vault", roles = ["admin"])]
async fn enter_vault() {}

/// How much there is.
#[handler(namespace = "/vault", event = "count")]
async fn count(user: User) -> usize {
    user.name().len()
}

#[connect(namespace = "/desk", auth = "required")]
async fn enter_desk(_user: User) {}

/// For everybody.
#[handler(namespace = "/street", event = "read")]
async fn read_outside() -> &'static str {
    "the news"
}

/// The same as `vote`, over HTTP.
#[route(post = "/votes", auth = "required")]
async fn vote_over_http(Data(choice): Data<u32>) -> u32 {
    choice
}

/// The same as `sign`, over HTTP.
#[route(post = "/signatures")]
async fn sign_over_http(Data(text): Data<String>, user: User) -> String {
    format!("{text}, {}", user.name())
}

/// For everybody.
#[route(get = "/news")]
async fn read_over_http() -> &'static str {
    "the news"
}
