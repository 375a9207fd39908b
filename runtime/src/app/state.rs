//! What all handlers of an application share.

use super::startup::Value;
use crate::{
    auth::Auth,
    config::{Config, Settings},
    dispatch::{Blocking, Failures, Work},
    emit::Sender,
    error::{Code, Error},
    registry::Registry,
    transport::Sessions,
};
use mongodb::Database;
use std::{any::TypeId, collections::HashMap, sync::Arc};

/// What all handlers of an application share. Made once at start, never changed.
pub struct AppState {
    pub(crate) config: Config,
    pub(crate) registry: Arc<Registry>,
    pub(crate) sender: Sender,
    pub(crate) work: Arc<Work>,
    pub(crate) failures: Arc<Failures>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) blocking: Blocking,
    pub(crate) database: Option<Database>,
    pub(crate) provided: HashMap<TypeId, Value>,
    pub(crate) auth: Arc<Auth>,
}

impl AppState {
    pub(crate) fn settings(&self) -> &Settings {
        self.config.settings()
    }

    pub(crate) fn database(&self) -> Result<&Database, Error> {
        self.database.as_ref().ok_or_else(|| Error::new(Code::Internal).with_cause("the database was not started"))
    }

    pub(crate) fn provided<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, Error> {
        let value = self.provided.get(&TypeId::of::<T>()).cloned();
        value.and_then(|value| value.downcast().ok()).ok_or_else(|| {
            let name = std::any::type_name::<T>();
            Error::new(Code::Internal).with_cause(format!("{name} is not provided"))
        })
    }
}
