//! All parts of an application, and how they are.

use super::{ReadinessPart, State};
use crate::error::{Code, Error};
use std::{
    collections::BTreeMap,
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

/// When a client may try again what needs the database.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How the parts of an application are: the server, the database where one is used, and the application's own.
#[derive(Debug)]
pub(crate) struct Readiness {
    server: ReadinessPart,
    database: OnceLock<ReadinessPart>,
    own: Mutex<BTreeMap<&'static str, ReadinessPart>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { server: ReadinessPart::starting(), database: OnceLock::new(), own: Mutex::default() }
    }
}

impl Readiness {
    /// The server takes work from now on.
    pub fn serving(&self) {
        self.server.set(State::Ready);
    }

    /// The server is about to stop.
    pub fn stopping(&self) {
        self.server.set(State::Stopping);
    }

    /// The database, which counts from now on.
    pub fn database(&self) -> ReadinessPart {
        self.database.get_or_init(ReadinessPart::starting).clone()
    }

    /// Whether the database is known to be away: asking it would only take time.
    pub fn database_is_away(&self) -> bool {
        self.database.get().is_some_and(|database| database.state() == State::Unavailable)
    }

    /// Nothing, unless the database is known to be away.
    ///
    /// # Errors
    /// `unavailable`: who asked it would only wait, and keep others waiting.
    pub fn check_database(&self) -> Result<(), Error> {
        if self.database_is_away() {
            return Err(Error::new(Code::Unavailable).with_retry_after(RETRY_AFTER).with_cause("the database is away"));
        }
        Ok(())
    }

    /// A part of the application's own, which counts from now on. The same name is the same part.
    pub fn part(&self, name: &'static str) -> ReadinessPart {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.entry(name).or_insert_with(ReadinessPart::starting).clone()
    }

    /// All parts, by name. The runtime's own names are `server` and `database`.
    pub fn parts(&self) -> BTreeMap<&'static str, State> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let mut parts: BTreeMap<_, _> = own.iter().map(|(name, part)| (*name, part.state())).collect();
        parts.insert("server", self.server.state());
        if let Some(database) = self.database.get() {
            parts.insert("database", database.state());
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_count_once_they_are_named_and_say_how_they_are() {
        let readiness = Readiness::default();
        assert_eq!(readiness.parts(), [("server", State::Starting)].into());
        readiness.serving();
        let (database, mailer) = (readiness.database(), readiness.part("mailer"));
        assert!(!readiness.database_is_away(), "it has not been asked yet");
        database.unavailable();
        mailer.ready();
        assert!(readiness.database_is_away());
        let expected = [("database", State::Unavailable), ("mailer", State::Ready), ("server", State::Ready)];
        assert_eq!(readiness.parts(), expected.into());
        readiness.part("mailer").unavailable();
        assert_eq!(mailer.state(), State::Unavailable, "the same name is the same part");
    }

    #[test]
    fn nobody_speaks_for_the_runtimes_own_parts() {
        let readiness = Readiness::default();
        readiness.part("server").ready();
        assert_eq!(readiness.parts(), [("server", State::Starting)].into());
    }
}
