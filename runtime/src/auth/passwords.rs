//! bcrypt, off the async threads, with a bound on how much may wait.

use crate::{
    dispatch::Slots,
    error::{Code, Error},
};
use bcrypt::HashParts;
use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering},
};

/// Hashes and checks passwords.
pub(super) struct Passwords {
    cost: AtomicU32,
    /// One for each thread that may hash.
    threads: Arc<Slots>,
    /// How many are hashing or waiting.
    waiting: AtomicUsize,
    room: AtomicUsize,
    /// How many were hashed or checked.
    done: AtomicU64,
}

impl Passwords {
    pub fn new(cost: u32, parallel: usize, queue: usize) -> Self {
        Self {
            cost: AtomicU32::new(cost),
            threads: Arc::new(Slots::new(parallel)),
            waiting: AtomicUsize::new(0),
            room: AtomicUsize::new(parallel.saturating_add(queue)),
            done: AtomicU64::new(0),
        }
    }

    /// These limits hold from now on.
    pub fn apply(&self, cost: u32, parallel: usize, queue: usize) {
        self.cost.store(cost, Ordering::Relaxed);
        self.threads.resize(parallel);
        self.room.store(parallel.saturating_add(queue), Ordering::Relaxed);
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        let cost = self.cost();
        Ok(self.work(move || bcrypt::non_truncating_hash(password, cost)).await??)
    }

    /// Whether the password belongs to the hash. Without a hash it takes as long, and is never right.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy());
        let right = match self.work(move || bcrypt::non_truncating_verify(password, &hash)).await? {
            Ok(right) => right,
            // longer than bcrypt reads: nobody has such a password
            Err(bcrypt::BcryptError::Truncation(_)) => false,
            Err(error) => return Err(error.into()),
        };
        Ok(right && known)
    }

    /// Whether a hash costs less than a new one would.
    pub fn is_cheap(&self, hash: &str) -> bool {
        hash.parse::<HashParts>().is_ok_and(|parts| parts.get_cost() < self.cost())
    }

    /// What a password of nobody is compared with, so that it takes as long as somebody's. No password has this hash.
    fn dummy(&self) -> String {
        format!("$2b${:02}${}", self.cost(), ".".repeat(53))
    }

    fn cost(&self) -> u32 {
        self.cost.load(Ordering::Relaxed)
    }

    /// How many were hashed or checked, and how many are hashing or waiting.
    pub fn counts(&self) -> (u64, usize) {
        (self.done.load(Ordering::Relaxed), self.waiting.load(Ordering::Relaxed))
    }

    /// Runs `work` on a thread of its own as soon as one is free.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let _place = Place::take(&self.waiting, self.room.load(Ordering::Relaxed))?;
        let thread = Slots::take(self.threads.clone()).await;
        self.done.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            // held until the thread is done, even if nobody waits for it any more
            let _thread = thread;
            work()
        });
        Ok(done.await?)
    }
}

/// A place among those who are hashing or waiting.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, room: usize) -> Result<Self, Error> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) < room { Ok(place) } else { Err(Code::Overloaded.into()) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new(4, 2, 8);
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("x".repeat(100), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobodys_password_is_checked_once_at_the_same_cost_and_is_never_right() {
        let passwords = Passwords::new(4, 2, 8);
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        let mut counts = Vec::new();
        for hash in [Some(hash.clone()), None] {
            for password in ["wrong horse", "", "x"] {
                let before = passwords.done.load(Ordering::Relaxed);
                assert!(!passwords.verify(password.into(), hash.clone()).await.unwrap());
                counts.push(passwords.done.load(Ordering::Relaxed) - before);
            }
        }
        assert_eq!(counts, [1; 6]);
        let cost = |hash: &str| hash.parse::<HashParts>().unwrap().get_cost();
        assert_eq!(cost(&passwords.dummy()), cost(&hash));
    }

    #[test]
    fn a_hash_of_a_lower_cost_is_cheap() {
        let hash = bcrypt::non_truncating_hash("correct horse", 4).unwrap();
        assert!(Passwords::new(5, 1, 0).is_cheap(&hash));
        assert!(!Passwords::new(4, 1, 0).is_cheap(&hash));
        assert!(!Passwords::new(4, 1, 0).is_cheap("no hash"));
    }

    #[tokio::test]
    async fn beyond_the_queue_is_overloaded() {
        let passwords = Passwords::new(4, 1, 0);
        let (first, second) = tokio::join!(passwords.hash("a".repeat(8)), passwords.hash("b".repeat(8)));
        assert!(first.is_ok());
        assert_eq!(second.unwrap_err().code(), "overloaded");
    }
}
