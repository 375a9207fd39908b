//! How many may be here at once: in all, and from one address.

use crate::{config::Server, dispatch::Seldom, metrics::Refused, transport::network};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Places for connections or for clients. The table has an entry for each address that has a place, and no others.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What takes a place, for the log.
    what: &'static str,
    taken: Mutex<Taken>,
    refused: Seldom,
    refused_address: Seldom,
}

#[derive(Debug, Default)]
struct Taken {
    limits: Limits,
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Limits {
    all: usize,
    per_address: usize,
    /// The process can hold no more, whatever `server.max_connections` says.
    is_lowered: bool,
}

impl Limits {
    /// What the settings say, and no more than `room` in all.
    fn of(server: &Server, room: u32) -> Self {
        let limit = |setting: u32| usize::try_from(setting).unwrap_or(usize::MAX);
        Self {
            all: limit(server.max_connections.min(room)),
            per_address: limit(server.max_connections_per_address),
            is_lowered: room < server.max_connections,
        }
    }
}

/// Taken until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    of: Arc<Inner>,
    address: Option<IpAddr>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// `server.max_connections` are taken.
    Server,
    /// `server.max_connections_per_address` are taken by this address.
    Address,
}

impl Places {
    /// As many as the settings say. `what` takes a place.
    pub fn new(what: &'static str, server: &Server) -> Self {
        Self(Arc::new(Inner {
            what,
            taken: Mutex::new(Taken { limits: Limits::of(server, u32::MAX), ..Taken::default() }),
            refused: Seldom::default(),
            refused_address: Seldom::default(),
        }))
    }

    /// As many from now on, and no more than `room` in all. Who has a place keeps it.
    pub fn apply(&self, server: &Server, room: u32) {
        self.0.taken().limits = Limits::of(server, room);
    }

    /// How many there are in all.
    pub fn limit(&self) -> usize {
        self.0.taken().limits.all
    }

    /// Takes a place. Without an address it counts only among all.
    pub fn take(&self, address: Option<IpAddr>) -> Result<Place, Full> {
        let address = address.map(network);
        self.0.take(address).inspect_err(|full| self.0.tell(*full, address))?;
        Ok(Place { of: self.0.clone(), address })
    }
}

impl Inner {
    fn take(&self, address: Option<IpAddr>) -> Result<(), Full> {
        let mut taken = self.taken();
        if taken.all >= taken.limits.all {
            return Err(Full::Server);
        }
        if let Some(address) = address {
            let count = taken.by_address.get(&address).copied().unwrap_or_default();
            if count >= taken.limits.per_address {
                return Err(Full::Address);
            }
            taken.by_address.insert(address, count + 1);
        }
        taken.all += 1;
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One line for many refusals.
    fn tell(&self, full: Full, address: Option<IpAddr>) {
        match full {
            Full::Server => Refused::Connections.count(),
            Full::Address => Refused::PerAddress.count(),
        }
        let what = self.what;
        let Limits { all: limit, per_address: limit_per_address, is_lowered } = self.taken().limits;
        match (full, address) {
            (Full::Address, Some(address)) => {
                if let Some(refused) = self.refused_address.count() {
                    tracing::warn!(
                        refused,
                        "a {what} is refused: {address} has {limit_per_address} (server.max_connections_per_address). \
                         A proxy belongs into server.trusted_proxies"
                    );
                }
            }
            _ => {
                if let Some(refused) = self.refused.count() {
                    let why =
                        if is_lowered { "the open files this process may have" } else { "server.max_connections" };
                    tracing::warn!(refused, "a {what} is refused: there are {limit} ({why})");
                }
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.of.taken();
        taken.all = taken.all.saturating_sub(1);
        let Some(address) = self.address else { return };
        match taken.by_address.get_mut(&address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                taken.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: u32, per_address: u32) -> Places {
        let server = Server { max_connections: all, max_connections_per_address: per_address, ..Server::default() };
        Places::new("connection", &server)
    }

    fn take(places: &Places, address: &str) -> Result<Place, Full> {
        places.take(Some(address.parse().unwrap()))
    }

    #[test]
    fn an_address_takes_no_more_than_its_share() {
        let places = places(10, 2);
        let held = [take(&places, "192.0.2.1").unwrap(), take(&places, "192.0.2.1").unwrap()];
        assert_eq!(take(&places, "192.0.2.1").unwrap_err(), Full::Address);
        assert!(take(&places, "192.0.2.2").is_ok(), "another address");
        drop(held);
        assert!(take(&places, "192.0.2.1").is_ok(), "its places are free again");
    }

    #[test]
    fn all_together_take_no_more_than_there_is() {
        let places = places(2, 2);
        let first = take(&places, "192.0.2.1").unwrap();
        let _second = places.take(None).unwrap();
        assert_eq!(take(&places, "192.0.2.3").unwrap_err(), Full::Server);
        drop(first);
        assert!(take(&places, "192.0.2.3").is_ok());
    }

    #[test]
    fn one_network_of_ipv6_is_one_address() {
        let places = places(10, 1);
        let _held = take(&places, "2001:db8::1").unwrap();
        assert_eq!(take(&places, "2001:db8:0:0:ffff::2").unwrap_err(), Full::Address);
        assert!(take(&places, "2001:db8:0:1::1").is_ok());
        let _held = take(&places, "::ffff:192.0.2.1").unwrap();
        assert_eq!(take(&places, "192.0.2.1").unwrap_err(), Full::Address, "an IPv4 address in IPv6 clothes");
        assert!(take(&places, "::ffff:192.0.2.2").is_ok());
    }

    #[test]
    fn nothing_is_kept_of_those_who_left() {
        let places = places(10, 2);
        for number in 0..100_u8 {
            drop((places.take(Some([192, 0, 2, number].into())), places.take(Some([192, 0, 2, number].into()))));
        }
        let taken = places.0.taken();
        assert_eq!((taken.all, taken.by_address.len(), taken.by_address.capacity() < 10), (0, 0, true));
    }
}
