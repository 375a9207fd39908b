//! One core for the server, another one for the load.

use crate::Failure;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::fmt;

/// Which cores are used for what.
pub struct Cores {
    all: CpuSet,
    /// The server's and ours, where there are two.
    pair: Option<(usize, usize)>,
}

impl Cores {
    /// The first two cores that this process may use.
    pub fn find() -> Result<Self, Failure> {
        let all = sched_getaffinity(None)?;
        let mut allowed = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core));
        let pair = allowed.next().zip(allowed.next());
        Ok(Self { all, pair })
    }

    /// Keeps this thread, and what it starts, on our core.
    pub fn take_ours(&self) -> Result<(), Failure> {
        self.pin(self.pair.map(|(_, ours)| ours))
    }

    /// Does something on the server's core: a process that is started there stays there.
    pub fn on_the_servers<T>(&self, f: impl FnOnce() -> T) -> Result<T, Failure> {
        self.pin(self.pair.map(|(servers, _)| servers))?;
        let done = f();
        self.take_ours()?;
        Ok(done)
    }

    fn pin(&self, core: Option<usize>) -> Result<(), Failure> {
        let mut set = CpuSet::new();
        match core {
            Some(core) => set.set(core),
            None => set = self.all,
        }
        Ok(sched_setaffinity(None, &set)?)
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pair {
            Some((servers, ours)) => write!(f, "the server on core {servers}, the load on core {ours}"),
            None => f.write_str("one core for both: the numbers of different machines cannot be compared"),
        }
    }
}
