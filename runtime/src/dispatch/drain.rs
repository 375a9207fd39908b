//! Takes jobs out of a socket's queue, as long as there are some.

use super::{EventJob, Job, invocation, queue::Next};
use crate::socket::Connection;
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc};

/// CONNECT is answered: what waits may run.
pub(crate) fn resume(connection: &Arc<Connection>) {
    if let Some(next) = connection.queue.resume() {
        connection.namespace.entry().connection_metrics.entered();
        start(connection, &next);
    }
}

/// Adds the last job of a socket.
pub(crate) fn finish(connection: &Arc<Connection>, job: Job) {
    start(connection, &connection.queue.push_last(job));
}

/// Starts the task that drains the queue, if it does not run.
pub(super) fn start(connection: &Arc<Connection>, next: &Next) {
    if *next == Next::Drain {
        connection.namespace.app.work.spawn(drain(connection.clone()));
    }
}

async fn drain(connection: Arc<Connection>) {
    let parallel = connection.namespace.app.settings().events.max_parallel_invocations;
    while let Some(job) = connection.queue.pop() {
        match job {
            Job::Event(event) if event.is_concurrent() => run_beside(&connection, event),
            Job::Event(event) if parallel > 1 => {
                connection.queue.beside_fewer_than(parallel).await;
                run_beside(&connection, event);
            }
            Job::Disconnect { .. } => {
                connection.queue.beside_fewer_than(1).await;
                run(&connection, job).await;
                connection.finished();
            }
            Job::Connect { .. } | Job::Event(_) => run(&connection, job).await,
        }
    }
}

/// Runs an event in a task of its own, while later ones go on.
fn run_beside(connection: &Arc<Connection>, event: EventJob) {
    let beside = Beside::begin(connection.clone(), event.bytes());
    connection.namespace.app.work.spawn(async move { run(&beside.connection, Job::Event(event)).await });
}

/// A job answers for panics itself. What panics even then must not leave the jobs behind it waiting for ever.
async fn run(connection: &Arc<Connection>, job: Job) {
    if AssertUnwindSafe(invocation::run(connection, job)).catch_unwind().await.is_err() {
        tracing::error!(namespace = connection.namespace.path(), "an invocation panicked while it was being ended");
    }
}

/// A job that runs beside the queue, until it is dropped.
struct Beside {
    connection: Arc<Connection>,
    bytes: usize,
}

impl Beside {
    fn begin(connection: Arc<Connection>, bytes: usize) -> Self {
        connection.queue.begin_beside(bytes);
        Self { connection, bytes }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.connection.queue.end_beside(self.bytes);
    }
}
