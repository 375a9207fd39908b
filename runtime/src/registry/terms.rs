//! On which terms a function runs: the same for events and routes.

use super::{Needs, Options, Roles, UserNeed};
use crate::{
    auth::User,
    config::{ByteSize, EventRates, HandlerSettings, RouteSettings, Settings},
    dispatch::{Rates, Slot, Slots},
    error::{Code, Error},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// On which terms a function runs: what its attribute says, overridden by its own settings; what neither says, those of all
/// say.
pub(crate) struct Terms {
    pub enabled: bool,
    pub timeout: Duration,
    /// The largest payload in bytes.
    pub max_payload_size: usize,
    pub rates: Rates,
    /// Whether the user must be logged in: the attribute, the configuration, the roles or the arguments ask for it.
    pub login: bool,
    pub roles: Roles,
    /// Whether the arguments ask for the database.
    pub database: bool,
    max_in_flight: Option<usize>,
    /// One for each invocation that may run at the same time; `None` is no limit of its own. Shared with the terms of before:
    /// what runs counts.
    slots: Option<Arc<Slots>>,
}

/// What terms are made for.
pub(super) struct Subject<'a> {
    /// The event; of a route it does not matter.
    pub name: &'static str,
    pub options: &'a Options,
    pub needs: &'a Needs,
    /// The terms that hold until now.
    pub before: Option<&'a Terms>,
}

/// What the configuration says of one function.
struct Own<'a> {
    enabled: bool,
    timeout: Option<Duration>,
    max_in_flight: Option<usize>,
    max_payload_size: Option<ByteSize>,
    login: bool,
    roles: Option<&'a [String]>,
    rates: EventRates,
}

/// What holds where nothing else is said.
struct Defaults {
    timeout: Duration,
    max_payload_size: ByteSize,
}

impl Terms {
    /// Of an event's handler.
    pub(super) fn of_event(subject: &Subject<'_>, own: &HandlerSettings, settings: &Settings) -> Self {
        let events = &settings.events;
        let defaults = Defaults { timeout: events.timeout, max_payload_size: events.max_payload_size };
        let own = Own {
            enabled: own.enabled,
            timeout: own.timeout,
            max_in_flight: own.max_in_flight,
            max_payload_size: own.max_payload_size,
            login: own.auth.is_some(),
            roles: own.roles.as_deref(),
            rates: own.rate_limit.or(events.rate_limit),
        };
        Self::new(subject, &own, &defaults)
    }

    /// Of a route.
    pub(super) fn of_route(subject: &Subject<'_>, own: &RouteSettings, settings: &Settings) -> Self {
        let max_payload_size = settings.socketio.max_message_size;
        let defaults = Defaults { timeout: settings.events.timeout, max_payload_size };
        let own = Own {
            enabled: own.enabled,
            timeout: own.timeout,
            max_in_flight: own.max_in_flight,
            max_payload_size: own.max_payload_size,
            login: own.auth.is_some(),
            roles: own.roles.as_deref(),
            rates: own.rate_limit.into(),
        };
        Self::new(subject, &own, &defaults)
    }

    fn new(subject: &Subject<'_>, own: &Own<'_>, defaults: &Defaults) -> Self {
        let Subject { name, options, needs, before } = *subject;
        let max_payload_size = own.max_payload_size.map(ByteSize::as_usize).or(options.max_payload_size);
        let max_in_flight = own.max_in_flight.or(options.max_in_flight);
        let slots = before.and_then(|before| before.slots.clone());
        let roles = Roles::new(own.roles, options.roles);
        Self {
            enabled: own.enabled,
            timeout: own.timeout.or(options.timeout).unwrap_or(defaults.timeout),
            max_payload_size: max_payload_size.unwrap_or_else(|| defaults.max_payload_size.as_usize()),
            rates: Rates::new(name, own.rates, before.map(|before| &before.rates)),
            login: options.login || own.login || !roles.is_empty() || needs.user == UserNeed::Required,
            roles,
            database: needs.database,
            slots: max_in_flight.map(|most| slots.unwrap_or_else(|| Arc::new(Slots::new(most)))),
            max_in_flight,
        }
    }

    /// These terms hold from now on, in place of those of before: what runs under them counts, what waits goes on.
    pub fn take_over(&self, before: &Self) {
        match (&self.slots, self.max_in_flight) {
            (Some(slots), Some(most)) => slots.resize(most),
            _ => before.slots.iter().for_each(|slots| slots.open()),
        }
    }

    /// Lets a user pass who may call the function, as far as its terms say.
    ///
    /// # Errors
    /// `unauthenticated` where somebody has to be logged in and nobody is, `forbidden` for a user without any of the roles.
    pub fn admit(&self, user: Option<&User>) -> Result<(), Error> {
        if self.login && user.is_none() {
            return Err(Code::Unauthenticated.into());
        }
        self.roles.admit(user)
    }

    /// What is left of the deadline; zero when it has passed.
    pub fn left(&self, accepted: Instant) -> Duration {
        self.timeout.saturating_sub(accepted.elapsed())
    }

    /// Waits until one more invocation of this function may run: as long as this is kept. `None` where there is no limit.
    pub async fn slot(&self) -> Option<Slot<Arc<Slots>>> {
        Slots::take(self.slots.clone()?).await
    }
}
