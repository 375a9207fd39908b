//! Tells of handlers that block a thread, while they do.
//!
//! A handler that waits without `.await`, or computes for long, holds a thread of the server on which others wait. One thread
//! looks now and then what the others are at. They only leave word, in atomics of their own: which invocation they poll,
//! and the how-manieth poll it is. Handlers marked `blocking` have threads of their own, and are not watched.

use super::Site;
use crate::dispatch::InvocationId;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    thread::{self, Thread},
    time::{Duration, Instant},
};

/// How often the watch looks while a thread may go unanswered for this long: so many times.
const LOOKS: u32 = 8;
/// It does not look more often than this.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// What one thread is at. Only that thread writes.
#[derive(Default)]
struct Slot {
    /// The number of the handler's site; 0 where there is none.
    site: AtomicU32,
    invocation: AtomicU64,
    /// Grows with each beginning and end.
    turns: AtomicU64,
}

thread_local! {
    static SLOT: Arc<Slot> = {
        let slot = Arc::<Slot>::default();
        slots().push(Arc::downgrade(&slot));
        slot
    };
}

static SLOTS: Mutex<Vec<Weak<Slot>>> = Mutex::new(Vec::new());

fn slots() -> MutexGuard<'static, Vec<Weak<Slot>>> {
    SLOTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This thread polls an invocation, until it is dropped. Inside another one, that one goes on afterwards.
pub(super) struct Busy {
    before: (u32, u64),
}

impl Busy {
    /// This thread does the runtime's own work, for which no handler is to blame.
    pub fn with_own_work() -> Self {
        Self { before: turn(0, 0) }
    }

    /// Begins now. What no handler serves is not watched.
    pub fn begin(site: Option<&'static Site>, id: InvocationId) -> Self {
        Self { before: turn(site.map_or(0, Site::number), id.number()) }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        turn(self.before.0, self.before.1);
    }
}

/// From now on this thread is at something else. What it was at before.
fn turn(site: u32, invocation: u64) -> (u32, u64) {
    // a thread that ends has no slot any more
    let turned = SLOT.try_with(|slot| {
        let before = (slot.site.load(Ordering::Relaxed), slot.invocation.load(Ordering::Relaxed));
        slot.site.store(site, Ordering::Relaxed);
        slot.invocation.store(invocation, Ordering::Relaxed);
        slot.turns.store(slot.turns.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
        before
    });
    turned.unwrap_or_default()
}

/// `log.blocked_thread` in nanoseconds; 0 is off.
static LIMIT: AtomicU64 = AtomicU64::new(0);
static WATCHMAN: OnceLock<Option<Thread>> = OnceLock::new();

/// Tells of handlers that block a thread for longer than this; zero is off. One thread of the process watches.
pub(super) fn watch(limit: Duration) {
    LIMIT.store(u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX), Ordering::SeqCst);
    if limit.is_zero() && WATCHMAN.get().is_none() {
        return;
    }
    let watchman = WATCHMAN.get_or_init(|| {
        let started = thread::Builder::new().name("lambdio-watch".to_owned()).spawn(|| Watch::default().run());
        started.map(|handle| handle.thread().clone()).ok()
    });
    if let Some(thread) = watchman {
        thread.unpark();
    }
}

/// What the watch saw when it looked last.
#[derive(Default)]
struct Watch {
    threads: HashMap<usize, Seen>,
}

/// A thread that was polling a handler.
struct Seen {
    turns: u64,
    /// At the same poll, as far as the watch has looked.
    busy: Duration,
    told: bool,
}

impl Watch {
    fn run(mut self) {
        let mut looked = Instant::now();
        loop {
            let limit = Duration::from_nanos(LIMIT.load(Ordering::SeqCst));
            if limit.is_zero() {
                self.threads.clear();
                thread::park();
                looked = Instant::now();
                continue;
            }
            let pause = (limit / LOOKS).max(SHORTEST_PAUSE);
            thread::park_timeout(pause);
            let now = Instant::now();
            // where the whole process stood still, no handler is to blame
            let passed = now.duration_since(looked).min(pause * 2);
            looked = now;
            self.look(limit, passed);
        }
    }

    fn look(&mut self, limit: Duration, passed: Duration) {
        let mut slots: Vec<Arc<Slot>> = Vec::new();
        {
            let mut known = self::slots();
            known.retain(|slot| slot.strong_count() > 0);
            slots.extend(known.iter().filter_map(Weak::upgrade));
        }
        let at_work: HashMap<usize, Seen> = slots.iter().filter_map(|slot| self.look_at(slot, limit, passed)).collect();
        self.threads = at_work;
    }

    /// What is remembered of a thread; nothing where it is at no handler.
    fn look_at(&mut self, slot: &Arc<Slot>, limit: Duration, passed: Duration) -> Option<(usize, Seen)> {
        let turns = slot.turns.load(Ordering::Acquire);
        let site = slot.site.load(Ordering::Relaxed);
        if site == 0 {
            return None;
        }
        let thread = Arc::as_ptr(slot).addr();
        let mut seen = match self.threads.remove(&thread) {
            Some(seen) if seen.turns == turns => Seen { busy: seen.busy + passed, ..seen },
            _ => Seen { turns, busy: Duration::ZERO, told: false },
        };
        if seen.busy >= limit && !seen.told {
            let id = InvocationId::with_number(slot.invocation.load(Ordering::Relaxed));
            // it may have ended meanwhile, and the name be another one's
            if slot.turns.load(Ordering::Acquire) == turns {
                seen.told = true;
                tell(site, id, seen.busy);
            }
        }
        Some((thread, seen))
    }
}

fn tell(site: u32, id: InvocationId, busy: Duration) {
    let Some(site) = Site::with_number(site) else { return };
    let Some(times) = site.blocked.count() else { return };
    tracing::warn!(
        namespace = site.namespace(),
        event = site.event(),
        method = site.method(),
        route = site.route(),
        blocked_ms = u64::try_from(busy.as_millis()).unwrap_or(u64::MAX),
        times,
        invocation = %id,
        "blocks a thread of the server on which others wait: mark the handler `blocking`, or wait with `.await`",
    );
}
