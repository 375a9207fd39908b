//! How often somebody may try to log in.

use super::rules;
use crate::{
    config::LoginRates,
    dispatch::Keyed,
    error::{Code, Error},
    transport::network,
};
use std::{net::IpAddr, sync::Arc, time::Duration};

/// How often somebody may try to log in: from one address, where registrations count as well, and to one account.
///
/// The account counts those who come from where its owner has logged in before apart from all others, so whoever guesses
/// elsewhere keeps nobody out.
#[derive(Debug)]
pub(super) struct Throttle {
    addresses: Option<Arc<Keyed<IpAddr>>>,
    accounts: Option<Arc<Keyed<Account>>>,
}

/// An account, and a network its owner is known at; `None` is any other.
type Account = (String, Option<IpAddr>);

impl Throttle {
    /// `before` is the one that held until now: attempts count on where the rate stays.
    pub fn new(rates: &LoginRates, before: Option<&Self>) -> Self {
        Self {
            addresses: Keyed::after(before.and_then(|before| before.addresses.as_ref()), Some(rates.per_address)),
            accounts: Keyed::after(before.and_then(|before| before.accounts.as_ref()), Some(rates.per_account)),
        }
    }

    /// Counts an attempt from an address, to log in or to register.
    pub fn check_address(&self, address: Option<IpAddr>) -> Result<(), Error> {
        match (&self.addresses, address) {
            (Some(limit), Some(address)) => limit.check(&network(address)).map_err(refused),
            _ => Ok(()),
        }
    }

    /// Counts an attempt to log in to an account, whether there is one of this name or not.
    pub fn check_account(&self, name: &str, known: &[String], address: Option<IpAddr>) -> Result<(), Error> {
        let Some(limit) = &self.accounts else { return Ok(()) };
        let network = address.map(network).filter(|network| known.contains(&network.to_string()));
        limit.check(&(rules::key(name), network)).map_err(refused)
    }
}

fn refused(after: Duration) -> Error {
    Error::new(Code::RateLimited)
        .with_message("too many attempts to log in or to register, try again later")
        .with_retry_after(after)
}
