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
    /// How long from now until it is over.
    fn left(self) -> Duration {
        let end = self.at.checked_add(self.leeway).unwrap_or(self.at);
        end.duration_since(SystemTime::now()).unwrap_or_default().min(FOREVER)
    }
}

impl End {
    /// Its client is told `notice` before.
    pub fn new(expiry: Expiry, notice: Duration) -> Self {
        let now = Instant::now();
        let deadline = now + expiry.left();
        let due = deadline.checked_sub(notice + expiry.leeway).unwrap_or(now).max(now);
        Self { expiry, deadline, due }
    }
}
