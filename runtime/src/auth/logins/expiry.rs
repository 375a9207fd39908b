//! When a log-in ends.

use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// What lasts longer is not waited for: ten years.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// When a log-in ends.
#[derive(Clone, Copy)]
pub(crate) struct Expiry {
    /// What clients are told.
    pub at: SystemTime,
    /// How long it counts beyond that, because clocks differ.
    pub leeway: Duration,
}

/// When a log-in ends, by the clock that does not jump.
pub(super) struct End {
    pub expiry: Expiry,
    pub deadline: Instant,
    /// When there is something to do: tell, or end.
    pub due: Instant,
}

impl Expiry {
    /// When it is over.
    pub(super) fn deadline(self) -> Instant {
        let end = self.at.checked_add(self.leeway).unwrap_or(self.at);
        Instant::now() + end.duration_since(SystemTime::now()).unwrap_or_default().min(FOREVER)
    }
}

impl End {
    /// Its client is told `notice` before, if it is told.
    pub fn new(expiry: Expiry, notice: Option<Duration>) -> Self {
        let (now, deadline) = (Instant::now(), expiry.deadline());
        let before = |notice| deadline.checked_sub(notice + expiry.leeway).unwrap_or(now).max(now);
        let due = notice.map_or(deadline, before);
        Self { expiry, deadline, due }
    }
}
