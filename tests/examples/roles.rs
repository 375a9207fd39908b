//! An application that asks for roles. `/office` is open to everybody who is logged in, but not each event is; who may enter
//! `/vault`, the configuration says.

use lambdio::prelude::*;

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}

/// For everybody.
#[handler(namespace = "/office", event = "read")]
async fn read() -> &'static str {
    "the news"
}

/// For those who write. Says how much it was.
#[handler(namespace = "/office", event = "publish", roles = ["admin", "editor"])]
async fn publish(Data(text): Data<String>) -> usize {
    text.len()
}

/// Which roles the caller has.
#[handler(namespace = "/vault", event = "my_roles")]
async fn my_roles(user: User) -> Vec<String> {
    user.roles().to_vec()
}

/// The same as `publish`, over HTTP.
#[route(post = "/office/news", roles = ["admin", "editor"])]
async fn publish_over_http(Data(text): Data<String>) -> usize {
    text.len()
}

/// Who asks, if anybody.
#[route(get = "/who_am_i")]
async fn who_am_i(user: Option<User>) -> Option<String> {
    user.map(|user| user.name().to_owned())
}
