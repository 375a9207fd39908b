//! From a serving application to its end, in bounded time.

use super::AppState;
use crate::transport;
use std::time::Duration;

/// How long answers have to reach their clients before connections are closed.
const FLUSH: Duration = Duration::from_millis(100);

/// How long disconnect handlers, and then connections, may take at the end.
const CLOSE: Duration = Duration::from_secs(2);

/// Refuse new work, finish what was accepted, let the answers go out.
pub(super) async fn finish_work(app: &AppState) {
    let limit = app.settings().server.shutdown_timeout;
    app.work.refuse_new();
    tracing::info!("stopping: finishing what was accepted, for at most {limit:?}");
    if tokio::time::timeout(limit, app.work.finished()).await.is_err() {
        tracing::warn!("server.shutdown_timeout passed: what is still running is cut off");
    }
    tokio::time::sleep(FLUSH).await;
}

/// Tell the disconnect handlers, close all connections. Nobody is let in any more.
pub(super) async fn close(app: &AppState) {
    transport::say_goodbye(app);
    let told = tokio::time::timeout(CLOSE, app.work.finished()).await;
    let closed = tokio::time::timeout(CLOSE, transport::close(app)).await;
    if told.is_err() || closed.is_err() {
        tracing::warn!("some handlers or connections did not end in time and are cut off");
    }
}
