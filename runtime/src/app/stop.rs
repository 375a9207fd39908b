//! From a serving application to its end, in bounded time.

use super::AppState;
use crate::transport;
use std::time::Duration;

/// How long answers may take to leave, at most: who does not poll, or does not read, holds up the end that long, and
/// no longer than `server.shutdown_timeout`.
const LONGEST_FLUSH: Duration = Duration::from_secs(2);

/// Between two looks at what has not left.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How long what has left has to reach its clients before connections are closed.
const FLUSH: Duration = Duration::from_millis(100);

/// How long disconnect handlers, and then connections, may take at the end.
const CLOSE: Duration = Duration::from_secs(2);

/// How often the log is told what is still being waited for.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Tell load balancers, refuse new work, finish what was accepted, let the answers go out.
pub(super) async fn finish_work(app: &AppState) {
    let (delay, limit) = {
        let server = &app.settings().server;
        (server.shutdown_delay, server.shutdown_timeout)
    };
    app.readiness.stopping();
    if !delay.is_zero() {
        tracing::info!("not ready any more; new work is taken for {delay:?} longer (server.shutdown_delay)");
        tokio::time::sleep(delay).await;
    }
    app.work.refuse_new();
    let (running, clients) = (app.work.running(), app.sessions.count());
    tracing::info!(
        running,
        clients,
        "stopping: finishing what was accepted, for at most {limit:?} (server.shutdown_timeout); a second signal stops at once"
    );
    if tokio::time::timeout(limit, finished(app)).await.is_err() {
        let running = app.work.running();
        tracing::warn!(running, "server.shutdown_timeout passed: what is still running is cut off");
    }
    if tokio::time::timeout(LONGEST_FLUSH.min(limit), all_left(app)).await.is_err() {
        let bytes = app.sessions.unsent();
        tracing::warn!(bytes, "some clients have not taken their answers: these are lost");
    }
    tokio::time::sleep(FLUSH).await;
}

/// Waits until no answer waits for its client.
async fn all_left(app: &AppState) {
    while app.sessions.unsent() > 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Waits until nothing is being done, and says now and then how much still is.
async fn finished(app: &AppState) {
    while tokio::time::timeout(TELL_EVERY, app.work.finished()).await.is_err() {
        tracing::info!(running = app.work.running(), "still finishing what was accepted");
    }
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
