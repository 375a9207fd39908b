//! How often something may happen: per socket, per user, per address.

use crate::{
    auth::User,
    config::{ClientRates, EventRates, Rate},
    socket::Connection,
    transport::network,
};
use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};
use std::{
    hash::Hash,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// Users or addresses that one limit remembers at most. Who comes on top of that is refused.
const MOST_KEYS: usize = 1_000_000;
/// So many checks pass between two looks for those that may be forgotten.
const CHECKS_BETWEEN_SWEEPS: u32 = 4096;
/// When somebody who is not remembered for want of room may try again.
const NO_ROOM: Duration = Duration::from_secs(1);

/// The limits of one event, one route, or of connecting. Most have none, and cost nothing then.
///
/// Who has used up how much is shared with the limits of before, where the rate is the same.
#[derive(Debug)]
pub(crate) struct Rates {
    /// What is limited, among all that one socket may do: the event.
    name: &'static str,
    socket: Option<Quota>,
    user: Option<Arc<Keyed<String>>>,
    address: Option<Arc<Keyed<IpAddr>>>,
}

impl Rates {
    /// The limits of what has this name. `before` are the ones that held until now.
    pub fn new(name: &'static str, rates: EventRates, before: Option<&Self>) -> Self {
        Self {
            name,
            socket: rates.per_socket.and_then(quota),
            user: Keyed::after(before.and_then(|before| before.user.as_ref()), rates.per_user),
            address: Keyed::after(before.and_then(|before| before.address.as_ref()), rates.per_address),
        }
    }

    /// The limits of connecting to a namespace.
    pub fn of_connecting(rates: ClientRates, before: Option<&Self>) -> Self {
        Self::new("", rates.into(), before)
    }

    /// Counts an event of a socket. `Err` says when the next one makes sense.
    pub fn check(&self, connection: &Connection) -> Result<(), Duration> {
        if let Some(quota) = self.socket {
            connection.rates.check(self.name, quota)?;
        }
        self.check_client(connection.user.as_ref(), connection.address)
    }

    /// Counts an event of a user at an address, where they are known.
    pub fn check_client(&self, user: Option<&User>, address: Option<IpAddr>) -> Result<(), Duration> {
        self.check_user(user)?;
        self.check_address(address)
    }

    /// Whether users have a limit.
    pub fn count_users(&self) -> bool {
        self.user.is_some()
    }

    /// Counts one of a user.
    pub fn check_user(&self, user: Option<&User>) -> Result<(), Duration> {
        match (&self.user, user) {
            (Some(limit), Some(user)) => limit.check(&user.id().to_owned()),
            _ => Ok(()),
        }
    }

    /// Counts one from an address.
    pub fn check_address(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        match (&self.address, address) {
            (Some(limit), Some(address)) => limit.check(&network(address)),
            _ => Ok(()),
        }
    }
}

/// What one socket has used up of each limit. It is empty until an event with such a limit comes.
#[derive(Debug, Default)]
pub(crate) struct SocketRates(Mutex<Vec<Used>>);

/// What one socket has used up of one limit.
#[derive(Debug)]
struct Used {
    /// What is limited.
    name: &'static str,
    quota: Quota,
    limiter: DefaultDirectRateLimiter,
}

impl Used {
    fn new(name: &'static str, quota: Quota) -> Self {
        Self { name, quota, limiter: RateLimiter::direct(quota) }
    }
}

impl SocketRates {
    /// Counts one of what has this name. A limit that has changed begins anew.
    fn check(&self, name: &'static str, quota: Quota) -> Result<(), Duration> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // one for each event with such a limit, at most
        let position = all.iter().position(|used| used.name == name).unwrap_or_else(|| {
            all.push(Used::new(name, quota));
            all.len() - 1
        });
        let Some(used) = all.get_mut(position) else { return Ok(()) };
        if used.quota != quota {
            *used = Used::new(name, quota);
        }
        used.limiter.check().map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

/// A limit for each key. Keys that have not been used for a while are forgotten.
pub(crate) struct Keyed<K: Hash + Eq + Clone> {
    rate: Rate,
    limiter: RateLimiter<K, HashMapStateStore<K>, DefaultClock>,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    /// `None` is a rate beyond what can be counted, which limits nothing.
    pub fn new(rate: Rate) -> Option<Self> {
        Some(Self { rate, limiter: RateLimiter::hashmap(quota(rate)?), checks: AtomicU32::new(0) })
    }

    /// The one from before where its rate is this one, else a new one. Without a rate there is none.
    pub fn after(before: Option<&Arc<Self>>, rate: Option<Rate>) -> Option<Arc<Self>> {
        let rate = rate?;
        match before.filter(|before| before.rate == rate) {
            Some(before) => Some(before.clone()),
            None => Self::new(rate).map(Arc::new),
        }
    }

    /// Counts one. `Err` says when the next one makes sense.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        let checks = self.checks.fetch_add(1, Ordering::Relaxed);
        if checks % CHECKS_BETWEEN_SWEEPS == CHECKS_BETWEEN_SWEEPS - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        if self.limiter.len() >= MOST_KEYS {
            return Err(NO_ROOM);
        }
        self.limiter.check_key(key).map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

impl<K: Hash + Eq + Clone> std::fmt::Debug for Keyed<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyed({})", self.limiter.len())
    }
}

/// So many at once, replenished evenly. `None` is a rate beyond what can be counted, which limits nothing.
fn quota(rate: Rate) -> Option<Quota> {
    Quota::with_period(rate.period() / rate.count().get()).map(|quota| quota.allow_burst(rate.count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_may_come_at_once_and_the_next_one_is_told_when() {
        let limit = Keyed::new("3/min".parse().unwrap()).unwrap();
        for _ in 0..3 {
            assert_eq!(limit.check(&1), Ok(()));
        }
        let after = limit.check(&1).unwrap_err();
        assert!(after <= Duration::from_secs(20) && after > Duration::from_secs(15), "{after:?}");
        assert_eq!(limit.check(&2), Ok(()), "each key has its own");
    }

    #[test]
    fn keys_are_forgotten_when_they_no_longer_matter() {
        let limit = Keyed::new("1000000/s".parse().unwrap()).unwrap();
        for key in 0..2 * CHECKS_BETWEEN_SWEEPS {
            limit.check(&key).unwrap();
        }
        assert!(limit.limiter.len() <= CHECKS_BETWEEN_SWEEPS as usize + 1, "{}", limit.limiter.len());
    }
}
