//! No handlers at all, as when the crate that holds them is not named: a start error.

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
