//! The reference application: collaborative documents.

use handlers as _; // names the crate, so that its handlers are linked

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
