//! What the application makes at start for its handlers.

use super::tables::{Live, Tables};
use crate::{
    auth::{Authenticate, ClaimsType, Scheme, Sessions},
    config::{Config, ConfigErrors},
    emit::{Emitter, Sender},
    error::Error,
    health::{Readiness, ReadinessPart},
};
use futures_util::future::LocalBoxFuture;
use mongodb::Database;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::{
    any::{Any, TypeId},
    marker::PhantomData,
    sync::Arc,
};

/// What a provider sees: the configuration, the database, the way to all clients.
pub struct Startup {
    pub(crate) config: Config,
    pub(super) tables: Tables,
    pub(crate) sender: Sender,
    pub(crate) database: Option<Database>,
    pub(crate) sessions: Sessions,
    pub(crate) readiness: Arc<Readiness>,
}

impl Startup {
    /// The application's own settings, from `[app.<name>]`, as they are at start: a change in the table needs a restart. A
    /// missing table is an empty one.
    ///
    /// # Errors
    /// Every unknown key and wrong type, with file and line.
    pub fn config<T: DeserializeOwned + JsonSchema>(&self, name: &str) -> Result<T, ConfigErrors> {
        let settings = self.config.app(name)?;
        self.tables.read_once(name);
        Ok(settings)
    }

    /// The same as they are at any time, for providers and schemes: a reload changes them. A table that does not fit `T` then
    /// refuses the whole reload. Handlers get them as `Provided<Live<T>>` where [`App::live_settings`](crate::App::live_settings)
    /// declares the table.
    ///
    /// # Errors
    /// Every unknown key and wrong type, with file and line.
    pub fn live_config<T>(&self, name: &str) -> Result<Live<T>, ConfigErrors>
    where
        T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
    {
        self.tables.live(&self.config, name)
    }

    /// The database.
    ///
    /// # Errors
    /// `unavailable` where no handler asks for the database, so that it was not started.
    pub fn database(&self) -> Result<Database, Error> {
        self.database.clone().ok_or_else(|| {
            let cause = "no handler asks for the database, so it was not started";
            Error::new(crate::Code::Unavailable).with_cause(cause)
        })
    }

    /// Ends sessions from outside any handler, for as long as the application runs.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        self.sessions.clone()
    }

    /// A part of the application's own without which `GET /health/ready` says no, such as a mail server. The same name is
    /// the same part; `server` and `database` are the runtime's own.
    ///
    /// ```no_run
    /// # struct Mailer;
    /// lambdio::App::new().provide(async |startup| {
    ///     let readiness = startup.readiness("mailer");
    ///     // connect, and from then on whenever it changes:
    ///     readiness.ready();
    ///     Ok::<_, lambdio::Error>(Mailer)
    /// })
    /// # ;
    /// ```
    #[must_use]
    pub fn readiness(&self, name: &'static str) -> ReadinessPart {
        self.readiness.part(name)
    }

    /// Sends events from outside any handler, for as long as the application runs.
    #[must_use]
    pub fn emitter(&self) -> Emitter {
        Emitter::new(self.sender.clone())
    }
}

/// A value that handlers get as `Provided`.
pub(crate) type Value = Arc<dyn Any + Send + Sync>;

/// Makes one value at start.
pub(super) trait Provider {
    fn type_id(&self) -> TypeId;
    fn type_name(&self) -> &'static str;
    fn make(self: Box<Self>, startup: &Startup) -> LocalBoxFuture<'_, Result<Value, Error>>;
}

/// Makes one way to prove who somebody is.
pub(super) trait SchemeMaker {
    fn name(&self) -> &'static str;
    fn claims(&self) -> ClaimsType;
    fn make(self: Box<Self>, startup: &Startup) -> LocalBoxFuture<'_, Result<Box<dyn Scheme>, Error>>;
}

pub(super) struct ProviderOf<F, T, E> {
    make: F,
    value: PhantomData<fn() -> (T, E)>,
}

impl<F, T, E> ProviderOf<F, T, E> {
    pub fn new(make: F) -> Self {
        Self { make, value: PhantomData }
    }
}

impl<F, T, E> Provider for ProviderOf<F, T, E>
where
    T: Send + Sync + 'static,
    E: Into<Error> + 'static,
    F: AsyncFnOnce(&Startup) -> Result<T, E> + 'static,
{
    fn type_id(&self) -> TypeId {
        TypeId::of::<T>()
    }

    fn type_name(&self) -> &'static str {
        std::any::type_name::<T>()
    }

    fn make(self: Box<Self>, startup: &Startup) -> LocalBoxFuture<'_, Result<Value, Error>> {
        Box::pin(async move {
            let value = (self.make)(startup).await.map_err(Into::into)?;
            Ok(Arc::new(value) as Value)
        })
    }
}

impl<F, A, E> SchemeMaker for ProviderOf<F, A, E>
where
    A: Authenticate,
    E: Into<Error> + 'static,
    F: AsyncFnOnce(&Startup) -> Result<A, E> + 'static,
{
    fn name(&self) -> &'static str {
        std::any::type_name::<A>()
    }

    fn claims(&self) -> ClaimsType {
        ClaimsType::of::<A::Claims>()
    }

    fn make(self: Box<Self>, startup: &Startup) -> LocalBoxFuture<'_, Result<Box<dyn Scheme>, Error>> {
        Box::pin(async move {
            let scheme = (self.make)(startup).await.map_err(Into::into)?;
            Ok(Box::new(scheme) as Box<dyn Scheme>)
        })
    }
}
