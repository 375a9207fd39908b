//! Connections to the metrics: a few, of which those that only wait make room for others.

use crate::dispatch::Seldom;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{task::AbortHandle, time::Instant};

/// Connections at the same time. One more takes the place of the one that has waited longest for a request.
const MAX_CONNECTIONS: usize = 64;

/// The connections that are open.
#[derive(Debug, Default)]
pub(super) struct Visitors {
    open: Vec<Visitor>,
    crowded: Seldom,
}

#[derive(Debug)]
struct Visitor {
    task: AbortHandle,
    rest: Arc<Rest>,
}

impl Visitors {
    /// Makes room for one more. `false` where each connection is being answered.
    #[must_use]
    pub fn make_room(&mut self) -> bool {
        self.open.retain(|visitor| !visitor.task.is_finished());
        if self.open.len() < MAX_CONNECTIONS {
            return true;
        }
        let resting = self.open.iter().enumerate().filter_map(|(index, open)| Some(((*open.rest.since())?, index)));
        let longest = resting.min().map(|(_, index)| self.open.swap_remove(index).task.abort());
        if let Some(times) = self.crowded.count() {
            let whom =
                if longest.is_some() { "the one that has waited longest is closed" } else { "one more is refused" };
            tracing::warn!(times, "there are {MAX_CONNECTIONS} connections to the metrics: {whom}");
        }
        longest.is_some()
    }

    /// It is open as long as the task runs.
    pub fn add(&mut self, task: AbortHandle, rest: Arc<Rest>) {
        self.open.push(Visitor { task, rest });
    }
}

/// Since when a connection waits for a request; nothing while one is being answered.
#[derive(Debug)]
pub(super) struct Rest(Mutex<Option<Instant>>);

impl Default for Rest {
    fn default() -> Self {
        Self(Mutex::new(Some(Instant::now())))
    }
}

impl Rest {
    /// A request is answered until this is dropped.
    pub fn interrupt(self: &Arc<Self>) -> Answering {
        *self.since() = None;
        Answering(self.clone())
    }

    fn since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request is being answered.
pub(super) struct Answering(Arc<Rest>);

impl Drop for Answering {
    fn drop(&mut self) {
        *self.0.since() = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    /// Opens one, which ends when it has to make room.
    fn open(visitors: &mut Visitors) -> (tokio::task::JoinHandle<()>, Arc<Rest>) {
        let rest = Arc::new(Rest::default());
        let task = tokio::spawn(pending());
        visitors.add(task.abort_handle(), rest.clone());
        (task, rest)
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_waited_longest_makes_room_and_who_is_answered_stays() {
        let mut visitors = Visitors::default();
        let mut opened = Vec::new();
        for _ in 0..MAX_CONNECTIONS {
            assert!(visitors.make_room());
            opened.push(open(&mut visitors));
            tokio::time::advance(std::time::Duration::from_secs(1)).await;
        }
        let answering = opened[0].1.interrupt();
        drop(opened[1].1.interrupt());
        assert!(visitors.make_room());
        let _one_more = open(&mut visitors);
        let (third, _) = opened.remove(2);
        assert!(third.await.unwrap_err().is_cancelled(), "the first is answered, the second was a moment ago");
        assert!(opened.iter().all(|(task, _)| !task.is_finished()));
        drop(answering);
    }

    #[tokio::test]
    async fn where_all_are_answered_one_more_is_refused() {
        let mut visitors = Visitors::default();
        let opened: Vec<_> = (0..MAX_CONNECTIONS).map(|_| open(&mut visitors)).collect();
        let mut answering: Vec<_> = opened.iter().map(|(_, rest)| rest.interrupt()).collect();
        assert!(!visitors.make_room());
        answering.pop();
        assert!(visitors.make_room());
    }
}
