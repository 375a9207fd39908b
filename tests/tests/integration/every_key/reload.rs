//! `[reload]`.

use super::{
    Row, live,
    looks::{for_a_while, new_number},
    with,
};
use lambdio_tests::Server;

pub(super) fn rows() -> Vec<Row> {
    vec![live(
        "reload.watch",
        |world| world.probe().without_env("LAMBDIO__RELOAD__WATCH"),
        [with("reload.watch = false", "waits for a signal"), with("reload.watch = true", "is read at once")],
        file_that_changes,
    )]
}

/// What becomes of a file that changes.
async fn file_that_changes(server: &Server) -> String {
    let lines = server.log().lines().len();
    server.write("config/default.toml", &format!("events.queue_length = {}", 1 + new_number()));
    let seen = for_a_while("waits for a signal", server.reloaded(lines)).await;
    if seen.is_some() { "is read at once" } else { "waits for a signal" }.to_owned()
}
