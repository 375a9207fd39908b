//! How many may run at the same time: a number that changes while they run.

use std::{
    ops::Deref,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicUsize, atomic::Ordering},
};
use tokio::sync::Semaphore;

/// More than ever run at the same time: no limit.
const UNLIMITED: usize = Semaphore::MAX_PERMITS / 2;

/// Places for what runs at the same time. Who finds none waits, in the order of coming.
///
/// The number may change while some run. Where it becomes smaller than what runs, nothing is ended: places are taken back
/// as they become free.
#[derive(Debug)]
pub(crate) struct Slots {
    free: Semaphore,
    limit: Mutex<usize>,
    /// Places that are in use, and are not given out again.
    owed: AtomicUsize,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Slot<S: Deref<Target = Slots>>(S);

impl Slots {
    /// So many places.
    pub fn new(limit: usize) -> Self {
        Self { free: Semaphore::new(limit), limit: Mutex::new(limit), owed: AtomicUsize::new(0) }
    }

    /// Waits for a place. `None` never happens: places are not closed.
    pub async fn take<S: Deref<Target = Self>>(slots: S) -> Option<Slot<S>> {
        slots.free.acquire().await.ok()?.forget();
        Some(Slot(slots))
    }

    /// How many places are taken now.
    pub fn taken(&self) -> usize {
        let limit = self.limit();
        let given_out = limit.saturating_add(self.owed.load(Ordering::SeqCst));
        given_out.saturating_sub(self.free.available_permits())
    }

    /// So many places from now on.
    pub fn resize(&self, limit: usize) {
        let mut present = self.limit();
        let before = std::mem::replace(&mut *present, limit);
        if limit < before {
            self.owed.fetch_add(before - limit, Ordering::SeqCst);
            self.settle(&present);
        } else {
            let more = limit - before;
            self.free.add_permits(more - self.forgive(more));
        }
    }

    /// There is no limit any more: whoever waits may run.
    pub fn open(&self) {
        self.resize(UNLIMITED);
    }

    /// Takes back what is owed, as far as places are free.
    fn settle(&self, _present: &MutexGuard<'_, usize>) {
        let taken = self.free.forget_permits(self.owed.load(Ordering::SeqCst));
        // a place that came back meanwhile may have paid already
        self.free.add_permits(taken - self.forgive(taken));
    }

    /// So many places less are owed, or as many as are. How many that are.
    fn forgive(&self, most: usize) -> usize {
        let before = self.owed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |owed| Some(owed.saturating_sub(most)));
        before.unwrap_or_else(|owed| owed).min(most)
    }

    fn limit(&self) -> MutexGuard<'_, usize> {
        self.limit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub fn free(&self) -> usize {
        self.free.available_permits()
    }
}

impl<S: Deref<Target = Slots>> Drop for Slot<S> {
    fn drop(&mut self) {
        let slots: &Slots = &self.0;
        if slots.owed.load(Ordering::SeqCst) > 0 && slots.forgive(1) == 1 {
            return;
        }
        slots.free.add_permits(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn take(slots: &Slots) -> Option<Slot<&Slots>> {
        Slots::take(slots).now_or_never().flatten()
    }

    #[test]
    fn who_finds_no_place_waits_until_there_are_more() {
        let slots = Slots::new(1);
        let first = take(&slots).unwrap();
        let mut second = Box::pin(Slots::take(&slots));
        assert!(second.as_mut().now_or_never().is_none());
        slots.resize(2);
        let second = second.now_or_never().unwrap();
        assert!(take(&slots).is_none());
        drop((first, second));
        assert_eq!(slots.free(), 2);
    }

    #[test]
    fn places_in_use_are_taken_back_as_they_become_free() {
        let slots = Slots::new(3);
        let mut held: Vec<_> = (0..3).map(|_| take(&slots).unwrap()).collect();
        slots.resize(1);
        held.pop();
        held.pop();
        assert!(take(&slots).is_none(), "one still runs");
        held.pop();
        let one = take(&slots).unwrap();
        assert!(take(&slots).is_none());
        drop(one);
        assert_eq!(slots.free(), 1);
    }

    #[test]
    fn what_was_owed_is_forgiven_when_there_are_more_again() {
        let slots = Slots::new(4);
        let held: Vec<_> = (0..4).map(|_| take(&slots).unwrap()).collect();
        slots.resize(1);
        slots.resize(3);
        drop(held);
        assert_eq!(slots.free(), 3);
        slots.resize(2);
        assert_eq!(slots.free(), 2);
        slots.open();
        slots.resize(5);
        assert_eq!(slots.free(), 5);
    }
}
