//! Where handlers run that block.

use super::{Slots, Work};
use crate::error::{Code, Error};
use std::{panic, sync::Arc};
use tokio::task;

/// The threads of blocking handlers.
///
/// They are threads of tokio's own pool, of which these handlers take at most so many: the rest of the pool stays free for
/// files, names and passwords.
#[derive(Debug, Clone)]
pub(crate) struct Blocking {
    threads: Arc<Slots>,
    work: Arc<Work>,
}

impl Blocking {
    pub fn new(threads: usize, work: Arc<Work>) -> Self {
        Self { threads: Arc::new(Slots::new(threads)), work }
    }

    /// So many threads from now on. What runs keeps its thread.
    pub fn resize(&self, threads: usize) {
        self.threads.resize(threads);
    }

    /// Runs a function as soon as a thread is free. A panic goes on in the caller.
    ///
    /// Dropped while it waits, the function never runs. Dropped later, it runs to its end, keeps its thread until then, and
    /// a shutdown waits for it.
    pub async fn run<R: Send + 'static>(self, function: impl FnOnce() -> R + Send + 'static) -> Result<R, Error> {
        let Self { threads, work } = self;
        let thread = Slots::take(threads).await;
        let running = work.start();
        let done = task::spawn_blocking(move || {
            let _held = (thread, running);
            function()
        });
        match done.await {
            Ok(returned) => Ok(returned),
            Err(error) if error.is_panic() => panic::resume_unwind(error.into_panic()),
            Err(error) => Err(Error::new(Code::ShuttingDown).with_cause(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::sync::mpsc::channel;

    #[tokio::test]
    async fn what_finds_no_free_thread_waits_and_does_not_run_once_it_is_dropped() {
        let blocking = Blocking::new(1, Work::of_test());
        let (go, wait) = channel::<()>();
        let first = tokio::spawn(blocking.clone().run(move || wait.recv()));
        while blocking.threads.free() > 0 {
            task::yield_now().await;
        }
        let mut second = Box::pin(blocking.clone().run(|| panic!("this never runs")));
        assert!(second.as_mut().now_or_never().is_none());
        drop(second);
        go.send(()).unwrap();
        first.await.unwrap().unwrap().unwrap();
        assert_eq!(blocking.run(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_is_dropped_while_it_runs_keeps_its_thread_and_is_waited_for() {
        let work = Work::of_test();
        let blocking = Blocking::new(1, work.clone());
        let (go, wait) = channel::<()>();
        let mut run = Box::pin(blocking.clone().run(move || wait.recv()));
        assert!(run.as_mut().now_or_never().is_none());
        drop(run);
        assert_eq!(blocking.threads.free(), 0);
        assert!(work.finished().now_or_never().is_none());
        go.send(()).unwrap();
        work.finished().await;
    }

    #[tokio::test]
    async fn a_panic_goes_on_where_the_result_is_awaited() {
        let run = Blocking::new(1, Work::of_test()).run(|| -> u8 { panic!("at work") });
        assert!(panic::AssertUnwindSafe(run).catch_unwind().await.is_err());
    }
}
