//! The events of one socket, one at a time, in arrival order.

use super::{EventJob, Job};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The queue of one socket. While it is empty it owns no task and no memory.
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Told when a job that runs beside the queue has ended.
    ended: Notify,
}

struct State {
    jobs: VecDeque<Job>,
    /// Of the jobs that wait, and of those that run beside the queue.
    bytes: usize,
    /// Jobs that left the queue and still run, while later ones go on.
    beside: usize,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// CONNECT is not answered yet: jobs wait.
    Paused,
    /// No task is running.
    Idle,
    /// One task takes jobs out, in order.
    Draining,
    /// The client left before it was let in: nothing will ever run.
    Abandoned,
}

/// Whether the caller has to start the task that drains the queue.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Drain,
    Wait,
}

/// How much may wait.
pub(crate) struct Limits {
    pub events: usize,
    pub bytes: usize,
}

impl Queue {
    /// A queue that holds its jobs back until [`resume`](Self::resume).
    pub fn paused() -> Self {
        let state = State { jobs: VecDeque::new(), bytes: 0, beside: 0, phase: Phase::Paused };
        Self { state: Mutex::new(state), ended: Notify::new() }
    }

    /// Adds an event, or gives it back where there is no room.
    pub fn push_event(&self, job: EventJob, limits: &Limits) -> Result<Next, EventJob> {
        let mut state = self.lock();
        if state.phase == Phase::Abandoned {
            return Err(job);
        }
        let waiting = state.jobs.len() + state.beside;
        if waiting >= limits.events || state.bytes.saturating_add(job.bytes()) > limits.bytes {
            // a single event that is larger than the whole limit still passes when nothing waits
            if waiting > 0 {
                return Err(job);
            }
        }
        state.bytes += job.bytes();
        state.jobs.push_back(Job::Event(job));
        Ok(state.started())
    }

    /// How many jobs wait, or run beside the queue.
    pub fn len(&self) -> usize {
        let state = self.lock();
        state.jobs.len() + state.beside
    }

    /// Puts a job before all others, without starting anything.
    pub fn push_first(&self, job: Job) {
        self.lock().jobs.push_front(job);
    }

    /// Adds the last job. It always finds room.
    pub fn push_last(&self, job: Job) -> Next {
        let mut state = self.lock();
        state.jobs.push_back(job);
        state.started()
    }

    /// Lets the jobs run. `None` where they were not held back.
    pub fn resume(&self) -> Option<Next> {
        let mut state = self.lock();
        if state.phase != Phase::Paused {
            return None;
        }
        state.phase = Phase::Idle;
        Some(if state.jobs.is_empty() { Next::Wait } else { state.started() })
    }

    /// Throws everything away if nothing has run yet. From then on the queue takes nothing.
    pub fn abandon_if_paused(&self) -> bool {
        let mut state = self.lock();
        let paused = state.phase == Phase::Paused;
        if paused {
            state.phase = Phase::Abandoned;
            state.jobs = VecDeque::new();
            state.bytes = 0;
        }
        paused
    }

    /// The next job, or `None` when the draining task may end.
    pub fn pop(&self) -> Option<Job> {
        let mut state = self.lock();
        let Some(job) = state.jobs.pop_front() else {
            state.jobs = VecDeque::new();
            if state.phase == Phase::Draining {
                state.phase = Phase::Idle;
            }
            return None;
        };
        if let Job::Event(event) = &job {
            state.bytes -= event.bytes();
        }
        Some(job)
    }

    /// A job leaves the queue and runs beside it. It still counts among what may wait, until
    /// [`end_beside`](Self::end_beside).
    pub fn begin_beside(&self, bytes: usize) {
        let mut state = self.lock();
        state.beside += 1;
        state.bytes += bytes;
    }

    /// A job that ran beside the queue has ended.
    pub fn end_beside(&self, bytes: usize) {
        {
            let mut state = self.lock();
            state.beside -= 1;
            state.bytes -= bytes;
        }
        self.ended.notify_waiters();
    }

    /// Waits until fewer than `most` jobs run beside the queue.
    pub async fn beside_fewer_than(&self, most: usize) {
        loop {
            let ended = self.ended.notified();
            if self.lock().beside < most {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn started(&mut self) -> Next {
        if self.phase == Phase::Idle {
            self.phase = Phase::Draining;
            Next::Drain
        } else {
            Next::Wait
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::DisconnectReason;

    fn last() -> Job {
        Job::Disconnect { reason: DisconnectReason::TransportClose }
    }

    fn first() -> Job {
        Job::Connect { auth: None }
    }

    #[test]
    fn jobs_wait_until_connect_is_answered_and_run_in_order_then() {
        let queue = Queue::paused();
        assert_eq!(queue.push_last(last()), Next::Wait);
        queue.push_first(first());
        assert_eq!(queue.resume(), Some(Next::Drain));
        assert!(matches!(queue.pop(), Some(Job::Connect { .. })));
        assert!(matches!(queue.pop(), Some(Job::Disconnect { .. })));
        assert!(queue.pop().is_none());
    }

    #[test]
    fn one_task_drains_at_a_time() {
        let queue = Queue::paused();
        assert_eq!(queue.resume(), Some(Next::Wait), "nothing to do");
        assert_eq!(queue.push_last(last()), Next::Drain);
        assert_eq!(queue.push_last(last()), Next::Wait, "the first task goes on");
        while queue.pop().is_some() {}
        assert_eq!(queue.push_last(last()), Next::Drain, "the first task has ended");
        assert_eq!(queue.resume(), None, "answering CONNECT twice changes nothing");
    }

    #[test]
    fn nothing_runs_for_a_client_that_left_before_it_was_let_in() {
        let queue = Queue::paused();
        queue.push_first(first());
        assert!(queue.abandon_if_paused());
        assert_eq!(queue.resume(), None);
        assert!(queue.pop().is_none() && !queue.abandon_if_paused());
    }
}
