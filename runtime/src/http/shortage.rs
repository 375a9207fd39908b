//! Times in which no connection can be accepted, most often for want of file descriptors.

use std::{io, time::Duration};
use tokio::time::Instant;

/// How long nothing must fail before a shortage counts as over.
const CALM: Duration = Duration::from_secs(1);

/// Tells of the beginning and of the end of a shortage: not of every attempt, of which there are many.
#[derive(Debug, Default)]
pub(super) struct Shortage {
    last_failure: Option<Instant>,
    /// A connection was accepted since then.
    found_room: bool,
}

impl Shortage {
    /// An attempt failed.
    pub fn failed(&mut self, error: &io::Error, now: Instant) {
        if self.begins(now) {
            tracing::warn!(
                %error,
                "no connection can be accepted: new clients wait. Where too many files are open, raise the limit \
                 (ulimit -n) or lower server.max_connections"
            );
        }
    }

    /// A connection was accepted.
    pub fn accepted(&mut self, now: Instant) {
        if self.ends(now) {
            tracing::info!("connections are accepted again");
        }
    }

    fn begins(&mut self, now: Instant) -> bool {
        // where nobody found room, it is calm because nobody came
        let is_new = self.last_failure.is_none() || self.found_room && self.is_calm(now);
        *self = Self { last_failure: Some(now), found_room: false };
        is_new
    }

    /// One connection that finds room does not end a shortage: the next one may find none again.
    fn ends(&mut self, now: Instant) -> bool {
        self.found_room = true;
        self.is_calm(now) && self.last_failure.take().is_some()
    }

    fn is_calm(&self, now: Instant) -> bool {
        self.last_failure.is_none_or(|last| now.saturating_duration_since(last) >= CALM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_told_once_however_often_it_shows() {
        let (mut shortage, start) = (Shortage::default(), Instant::now());
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        assert!(shortage.begins(at(0)));
        assert!(!shortage.begins(at(50)), "still the same");
        assert!(!shortage.ends(at(100)), "one found room");
        assert!(!shortage.begins(at(150)), "and the next did not");
        assert!(shortage.ends(at(1_150)));
        assert!(!shortage.ends(at(1_200)), "its end is told once, too");
        assert!(shortage.begins(at(1_250)), "a new one");
        assert!(!shortage.begins(at(9_000)), "the same, as nobody came meanwhile");
        assert!(!shortage.ends(at(9_100)), "one found room");
        assert!(shortage.begins(at(19_000)), "a new one");
    }
}
