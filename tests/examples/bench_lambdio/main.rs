//! The benchmark's server on lambdio.

mod handlers;

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
