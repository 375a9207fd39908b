//! Counts what is being done, so that a shutdown can wait for it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// What an application is doing at the moment.
#[derive(Debug, Default)]
pub(crate) struct Work {
    running: AtomicUsize,
    draining: AtomicBool,
    done: Notify,
}

/// Counts one piece of work until it is dropped.
pub(crate) struct Running(Arc<Work>);

impl Work {
    /// Counts a piece of work.
    pub fn start(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(self.clone())
    }

    /// Whether new work is refused because the server is about to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Refuses new work from now on.
    pub fn refuse_new(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Waits until nothing is being done.
    pub async fn finished(&self) {
        loop {
            let done = self.done.notified();
            if self.running.load(Ordering::SeqCst) == 0 {
                return;
            }
            done.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.done.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn finished_waits_for_the_last_piece_of_work() {
        let work = Arc::new(Work::default());
        work.finished().await;
        let (one, other) = (work.start(), work.start());
        let mut finished = Box::pin(work.finished());
        assert!(finished.as_mut().now_or_never().is_none());
        drop(one);
        assert!(finished.as_mut().now_or_never().is_none());
        drop(other);
        finished.await;
    }
}
