//! Starts "Documents".

use handlers::people::People; // naming the crate also links its handlers
use std::convert::Infallible;

fn main() -> lambdio::ExitCode {
    lambdio::App::new().provide(async |_startup| Ok::<_, Infallible>(People::default())).run()
}
