//! Starts "Documents".

use handlers as _; // naming the crate links its handlers

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
