//! What waits for all clients together, and how it is kept below a limit.

use super::{DisconnectReason, Session, Sessions};
use crate::socket::Connection;
use std::{
    cmp::Reverse,
    sync::{
        Arc, Mutex, TryLockError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

/// How far what a session counts may be from what waits for its client, in bytes. For few clients ever so much waits, so
/// that an event mostly passes without a write to what all threads share.
const STEP: u64 = 4 * 1024;

/// What waits for all clients, in bytes: somewhat more or less, as sessions tell it in steps, and only when they are sent
/// something.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    counted: AtomicI64,
    relief: Mutex<()>,
}

/// What one session counts in the backlog.
#[derive(Debug, Default)]
pub(super) struct Share(AtomicU64);

impl Backlog {
    /// So much waits for the client of a session now.
    pub(super) fn note(&self, share: &Share, waiting: u64) {
        if share.0.load(Ordering::Relaxed).abs_diff(waiting) >= STEP {
            self.set(share, waiting);
        }
    }

    /// The same, to the byte.
    pub(super) fn set(&self, share: &Share, waiting: u64) {
        let before = share.0.swap(waiting, Ordering::Relaxed);
        self.counted.fetch_add(waiting.cast_signed().wrapping_sub(before.cast_signed()), Ordering::Relaxed);
    }

    fn is_above(&self, most: u64) -> bool {
        u64::try_from(self.counted.load(Ordering::Relaxed)).is_ok_and(|counted| counted > most)
    }
}

impl Sessions {
    /// Sees to it that not much more than `most` bytes wait for all clients: near the limit, clients for whom most waits are
    /// disconnected until an eighth of it is free.
    pub fn relieve(&self, most: u64) {
        if !self.backlog.is_above(most) {
            return;
        }
        // one thread is enough: the others go on meanwhile
        let _alone = match self.backlog.relief.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(alone)) => alone.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let mut sessions: Vec<_> = self.all().into_iter().map(|session| (self.recount(&session), session)).collect();
        let mut waiting: u64 = sessions.iter().map(|(waiting, _)| waiting).sum();
        let enough = most - most / 8;
        sessions.sort_unstable_by_key(|(waiting, _)| Reverse(*waiting));
        let mut evicted = 0_usize;
        for (unsent, session) in sessions {
            if waiting <= enough {
                break;
            }
            if evict(&session) {
                evicted += 1;
            }
            waiting = waiting.saturating_sub(unsent);
        }
        if evicted > 0 {
            tracing::warn!(
                clients = evicted,
                "clients read too slowly: as much as socketio.total_unsent_size waits for all of them, and those for whom most \
                 waits are disconnected"
            );
        }
    }

    fn recount(&self, session: &Session) -> u64 {
        let waiting = session.unsent();
        self.backlog.set(&session.share, waiting);
        waiting
    }
}

fn evict(session: &Session) -> bool {
    let connection: Option<Arc<Connection>> = session.sockets().into_iter().next();
    connection.is_some_and(|connection| connection.evict(DisconnectReason::SlowConsumer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_counted_is_nearly_what_waits(told in proptest::collection::vec((0_usize..4, 0_u64..100_000), 0..100)) {
            let backlog = Backlog::default();
            let shares: [Share; 4] = Default::default();
            let mut waiting = [0; 4];
            for (session, bytes) in told {
                backlog.note(&shares[session], bytes);
                waiting[session] = bytes;
            }
            let sum: u64 = waiting.iter().sum();
            let counted = backlog.counted.load(Ordering::Relaxed).cast_unsigned();
            prop_assert!(counted.abs_diff(sum) < 4 * STEP);
            for share in &shares {
                backlog.set(share, 0);
            }
            prop_assert_eq!(backlog.counted.load(Ordering::Relaxed), 0);
        }
    }
}
