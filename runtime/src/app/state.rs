//! What all handlers of an application share.

use super::{
    snapshot::{SettingsInUse, Snapshot},
    startup::Value,
    tables::Tables,
};
use crate::{
    auth::Auth,
    config::{AppTable, Config},
    dispatch::{Blocking, Work},
    emit::Sender,
    error::{Code, Error},
    health::{RETRY_AFTER, Readiness},
    http::Clients,
    log::Records,
    registry::{Offer, Present, Registry},
    transport::Sessions,
};
use arc_swap::{ArcSwap, Guard};
use mongodb::Database;
use std::{any::TypeId, collections::HashMap, sync::Arc};

/// What all handlers of an application share. Made once at start; only the settings, and what is made of them, change.
pub struct AppState {
    pub(super) snapshot: ArcSwap<Snapshot>,
    /// Every namespace and route with the present settings.
    pub(crate) present: Present,
    pub(crate) sender: Sender,
    pub(crate) work: Arc<Work>,
    pub(crate) log: Arc<Records>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) clients: Arc<Clients>,
    pub(crate) blocking: Blocking,
    pub(crate) database: Option<Database>,
    pub(crate) provided: HashMap<TypeId, Value>,
    pub(crate) auth: Arc<Auth>,
    /// The application's own tables, as far as it asked for them.
    pub(super) tables: Tables,
    /// The application's own tables, as far as it declared them.
    pub(super) declared: Vec<AppTable>,
    /// What the application offers to handlers.
    pub(super) offer: Offer,
    pub(crate) readiness: Arc<Readiness>,
}

impl AppState {
    /// The settings of this moment. Not to be kept while something is awaited.
    pub(crate) fn settings(&self) -> SettingsInUse {
        SettingsInUse(self.snapshot.load())
    }

    /// The same with all that is made of them.
    pub(crate) fn snapshot(&self) -> Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    /// The configuration in use.
    pub(crate) fn config(&self) -> Config {
        self.snapshot.load().config.clone()
    }

    /// Everything that is registered, with the present settings.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        self.snapshot.load().registry.clone()
    }

    /// The database.
    ///
    /// # Errors
    /// `unavailable` while it is known to be away: who asked it would only wait, and keep others waiting.
    pub(crate) fn database(&self) -> Result<&Database, Error> {
        self.readiness.check_database()?;
        self.database.as_ref().ok_or_else(|| Error::new(Code::Internal).with_cause("the database was not started"))
    }

    /// What a client is told of an error of something that may use the database: a deadline that passed because the
    /// database does not answer is no time-out of ours.
    pub(crate) fn explain(&self, error: Error, uses_database: bool) -> Error {
        if uses_database && error.is(Code::Timeout) && self.readiness.database_is_away() {
            let message = "a part of the service is away; whether this took effect is unknown";
            let error = Error::new(Code::Unavailable).with_message(message).with_retry_after(RETRY_AFTER);
            return error.with_cause("the deadline passed, and the database does not answer");
        }
        error
    }

    pub(crate) fn provided<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, Error> {
        let value = self.provided.get(&TypeId::of::<T>()).cloned();
        value.and_then(|value| value.downcast().ok()).ok_or_else(|| {
            let name = std::any::type_name::<T>();
            Error::new(Code::Internal).with_cause(format!("{name} is not provided"))
        })
    }
}
