//! Starts "Documents".

fn main() -> lambdio::ExitCode {
    lambdio::App::new().live_settings_checked("documents", handlers::settings::check).run()
}
