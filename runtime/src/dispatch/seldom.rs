//! One log line for many of a kind.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Between two lines.
const INTERVAL: Duration = Duration::from_secs(10);

/// Counts what happens too often to be logged each time.
#[derive(Debug, Default)]
pub(crate) struct Seldom(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    told: Option<Instant>,
    untold: u64,
}

impl Seldom {
    /// It happened. How often since it was last told, if it is time to tell.
    pub fn count(&self) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.untold += 1;
        if state.told.is_some_and(|told| told.elapsed() < INTERVAL) {
            return None;
        }
        state.told = Some(Instant::now());
        Some(std::mem::take(&mut state.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_is_told_at_once_and_the_next_ones_together() {
        let seldom = Seldom::default();
        assert_eq!(seldom.count(), Some(1));
        for _ in 0..99 {
            assert_eq!(seldom.count(), None);
        }
        tokio::time::advance(INTERVAL).await;
        assert_eq!(seldom.count(), Some(100));
        assert_eq!(seldom.count(), None);
    }
}
