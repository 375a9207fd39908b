//! Starts "Documents".

fn main() -> lambdio::ExitCode {
    lambdio::App::new().provide(handlers::settings::read).run()
}
