//! Counts what is being done and what waits, so that both stay within their limits and a shutdown can wait for them.

use super::{Slot, Slots};
use crate::config::Events;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{runtime::Handle, sync::Notify};

/// What an application is doing at the moment.
pub(crate) struct Work {
    running: AtomicUsize,
    draining: AtomicBool,
    closing: AtomicBool,
    done: Notify,
    /// One for each invocation that may run at the same time.
    slots: Slots,
    /// Bytes that wait in all queues.
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
    runtime: Handle,
}

/// Counts one piece of work until it is dropped.
pub(crate) struct Running(Arc<Work>);

/// Bytes that wait in a queue, until it is dropped.
pub(crate) struct Held {
    work: Arc<Work>,
    bytes: usize,
}

impl Work {
    /// Nothing yet. What is started runs on `runtime`, wherever it is started from.
    pub fn new(events: &Events, runtime: Handle) -> Self {
        Self {
            running: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            done: Notify::new(),
            slots: Slots::new(events.max_in_flight),
            waiting: AtomicUsize::new(0),
            most_waiting: AtomicUsize::new(events.total_queue_size.as_usize()),
            runtime,
        }
    }

    /// The limits of these settings hold from now on. What runs and what waits goes on.
    pub fn apply(&self, events: &Events) {
        self.slots.resize(events.max_in_flight);
        self.most_waiting.store(events.total_queue_size.as_usize(), Ordering::Relaxed);
    }

    /// With the default limits, on the runtime of the test.
    #[cfg(test)]
    pub fn of_test() -> Arc<Self> {
        Arc::new(Self::new(&Events::default(), Handle::current()))
    }

    /// Counts a piece of work.
    pub fn start(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(self.clone())
    }

    /// Does a piece of work in a task of its own. It counts from now on.
    pub fn spawn(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let running = self.start();
        self.runtime.spawn(async move {
            work.await;
            drop(running);
        });
    }

    /// Whether new work is refused because the server is about to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Refuses new work from now on.
    pub fn refuse_new(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether connections are being closed.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Connections are being closed from now on.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// How much is being done.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
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

    /// Waits until one more invocation may run. `None` never happens.
    pub async fn slot(&self) -> Option<Slot<&Slots>> {
        Slots::take(&self.slots).await
    }

    /// How many invocations run now.
    pub fn in_flight(&self) -> usize {
        self.slots.taken()
    }

    /// How many bytes wait in all queues.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Counts bytes that are about to wait. `None` where too much waits already.
    pub fn hold(self: &Arc<Self>, bytes: usize) -> Option<Held> {
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        let held = Held { work: self.clone(), bytes };
        let most = self.most_waiting.load(Ordering::Relaxed);
        (before.saturating_add(bytes) <= most).then_some(held)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.done.notify_waiters();
        }
    }
}

impl Held {
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.work.waiting.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("running", &self.running).field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ByteSize;
    use futures_util::FutureExt;

    fn work(events: &Events) -> Arc<Work> {
        Arc::new(Work::new(events, Handle::current()))
    }

    #[tokio::test]
    async fn finished_waits_for_the_last_piece_of_work() {
        let work = Work::of_test();
        work.finished().await;
        let (one, other) = (work.start(), work.start());
        let mut finished = Box::pin(work.finished());
        assert!(finished.as_mut().now_or_never().is_none());
        drop(one);
        assert!(finished.as_mut().now_or_never().is_none());
        drop(other);
        finished.await;
    }

    #[tokio::test]
    async fn all_queues_together_hold_so_much() {
        let work = work(&Events { total_queue_size: ByteSize::new(100), ..Events::default() });
        let first = work.hold(60).unwrap();
        assert!(work.hold(41).is_none());
        assert!(work.hold(40).is_some(), "what found no room is not counted");
        drop(first);
        assert!(work.hold(100).is_some());
    }

    #[tokio::test]
    async fn so_many_invocations_run_at_the_same_time() {
        let work = work(&Events { max_in_flight: 1, ..Events::default() });
        let slot = work.slot().await;
        assert!(work.slot().now_or_never().is_none());
        drop(slot);
        assert!(work.slot().now_or_never().is_some());
    }
}
