//! The keeper: one permanent thread that owns `mongod`, starts it again when it dies, and ends it on request.
//!
//! A thread and not a task, because the kernel ties "end with your parent" to the thread that spawned the child: threads of
//! an async runtime's pool end when they are idle, and would take `mongod` with them.

use std::io;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::sync::watch;

use super::{error::hint, log};

/// For the clean shutdown after SIGTERM.
const SHUTDOWN: Duration = Duration::from_secs(10);

/// For the kernel to clear away a killed process.
const KILL: Duration = Duration::from_secs(5);

/// The pauses before a restart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backoff {
    pub(super) first: Duration,
    pub(super) longest: Duration,
    /// Who ran so long has recovered: the next pause is the first one again.
    pub(super) recovered_after: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            longest: Duration::from_secs(10),
            recovered_after: Duration::from_secs(10),
        }
    }
}

/// Why there is no `mongod` and will be none.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// It ended: asked to, or before it was supervised.
    Exited(ExitStatus),
    /// It could not be started, before it was supervised.
    NotSpawned(Arc<io::Error>),
    /// It was stopped during a pause before a restart.
    WhilePausing,
}

/// A running keeper. Dropped, it asks `mongod` to end and does not wait for it.
#[derive(Debug)]
pub(super) struct Keeper {
    shared: Arc<Shared>,
    end: watch::Receiver<Option<End>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Signalled when `stop` is set.
    stopping: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Set while the process exists and has not been reaped: as long as that, the id is nobody else's.
    pid: Option<Pid>,
    stop: bool,
    supervised: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is a single assignment, so a panic elsewhere leaves nothing half-done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper {
    /// Starts the thread, which calls `spawn` at once and again for every restart. `log` is quoted when the process dies.
    pub(super) fn start(
        spawn: impl Fn() -> io::Result<Child> + Send + 'static,
        log: PathBuf,
        backoff: Backoff,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (ended, end) = watch::channel(None);
        let seen = Arc::clone(&shared);
        thread::Builder::new().name("mongod-keeper".to_owned()).spawn(move || {
            let last = keep(&seen, &spawn, &log, backoff);
            ended.send_replace(Some(last));
        })?;
        Ok(Self { shared, end })
    }

    /// From now on the process is started again when it ends unasked. Before, its end is the end.
    pub(super) fn supervise(&self) {
        self.shared.lock().supervised = true;
    }

    /// Waits until the process has ended for good.
    pub(super) async fn ended(&self) -> End {
        let mut end = self.end.clone();
        // The channel closes without a value only if the thread panicked.
        match end.wait_for(Option::is_some).await.map(|end| end.clone()) {
            Ok(Some(end)) => end,
            Ok(None) | Err(_) => End::NotSpawned(Arc::new(io::Error::other("the keeper's thread is gone"))),
        }
    }

    /// The running process, if there is one.
    pub(super) fn pid(&self) -> Option<u32> {
        self.shared.lock().pid.map(|pid| pid.as_raw_nonzero().get().unsigned_abs())
    }

    /// Ends the process and the supervision: SIGTERM, 10 s for a clean end, SIGKILL.
    pub(super) async fn stop(&self) {
        self.stop_within(SHUTDOWN).await;
    }

    async fn stop_within(&self, bound: Duration) {
        self.ask();
        if tokio::time::timeout(bound, self.ended()).await.is_ok() {
            return;
        }
        tracing::warn!("mongod did not end within {bound:?}: killing it");
        self.signal(Signal::KILL);
        // A process in an uninterruptible system call cannot be killed: the runtime does not wait for that.
        let _ = tokio::time::timeout(KILL, self.ended()).await;
    }

    fn ask(&self) {
        self.shared.lock().stop = true;
        self.shared.stopping.notify_all();
        self.signal(Signal::TERM);
    }

    fn signal(&self, signal: Signal) {
        // The lock keeps the keeper from reaping meanwhile, so the signal meets this process and no other.
        if let Some(pid) = self.shared.lock().pid {
            // Fails only for a process that is already a zombie on some systems: then it has ended.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.ask();
    }
}

/// The thread's life. The process is spawned under the lock, so that a request to stop sees it either not yet decided or
/// running.
fn keep(shared: &Shared, spawn: &dyn Fn() -> io::Result<Child>, log: &std::path::Path, backoff: Backoff) -> End {
    let mut pause = backoff.first;
    loop {
        let begun = Instant::now();
        let mut state = shared.lock();
        if state.stop {
            return End::WhilePausing;
        }
        let spawned = spawn();
        state.pid = spawned.as_ref().ok().and_then(|child| Pid::from_raw(child.id().cast_signed()));
        drop(state);
        let outcome = spawned.and_then(|child| reap(shared, child));

        let state = shared.lock();
        if state.stop || !state.supervised {
            return match outcome {
                Ok(status) => End::Exited(status),
                Err(error) => End::NotSpawned(Arc::new(error)),
            };
        }
        if begun.elapsed() >= backoff.recovered_after {
            pause = backoff.first;
        }
        let what = match outcome {
            Ok(status) => format!("ended unasked ({status}){}", hint(status)),
            Err(error) => format!("cannot be started ({error})"),
        };
        tracing::warn!("mongod {what}; its log says: {}. Starting it again in {pause:?}", log::quote(log));
        // A stop during the pause ends it at once.
        drop(shared.stopping.wait_timeout_while(state, pause, |state| !state.stop));
        pause = (pause * 2).min(backoff.longest);
    }
}

/// Waits for the process, which keeps its id until it is reaped, under the lock.
fn reap(shared: &Shared, mut child: Child) -> io::Result<ExitStatus> {
    if let Some(pid) = Pid::from_raw(child.id().cast_signed()) {
        while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
        {
        }
    }
    let mut state = shared.lock();
    state.pid = None;
    child.wait()
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
