//! From configuration to an application that is ready to serve, wherever its clients come from.

use super::{
    App, AppState, Startup,
    error::Obstacle,
    startup::{Provider, Value},
};
use crate::{
    auth::Auth,
    config::Config,
    dispatch::{Blocking, Work},
    emit::Sender,
    http::Service,
    mongo::Mongo,
    registry::{self, Offer, Registry},
    transport,
};
use std::{any::TypeId, collections::HashMap, net::SocketAddr, sync::Arc};
use tokio::runtime::Handle;

/// An application whose handlers and settings go together.
pub(super) struct Checked {
    app: App,
    config: Config,
    registry: Registry,
}

/// An application that is ready to serve.
pub(super) struct Prepared {
    pub state: Arc<AppState>,
    pub service: Service,
}

impl Checked {
    /// Collects the handlers, and finds everything that contradicts. Warnings of the configuration go to the log.
    pub fn new(app: App, config: Config) -> Result<Self, Obstacle> {
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
        let registry = Registry::collect(&config)?;
        let provided = app.providers.iter().map(|provider| (provider.type_id(), provider.type_name())).collect();
        let accounts = config.settings().auth.accounts.is_some();
        registry::check(&registry, &Offer { settings: config.settings(), provided, accounts })?;
        Ok(Self { app, config, registry })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What verifies who is logged in, where there are accounts.
    pub fn start_auth(&self) -> Result<Option<Auth>, Obstacle> {
        Ok(Auth::start(&self.config)?)
    }

    /// The database, where something asks for it.
    pub async fn start_mongo(&self) -> Result<Option<Mongo>, Obstacle> {
        if !self.registry.needs_database() {
            return Ok(None);
        }
        Ok(Some(Mongo::start(&self.config.settings().mongo).await?))
    }

    /// Makes collections, providers and namespaces ready to serve clients at `address`.
    pub async fn prepare(
        self,
        auth: Option<Auth>,
        mongo: Option<&Mongo>,
        address: SocketAddr,
    ) -> Result<Prepared, Obstacle> {
        let Self { app, config, registry } = self;
        if let Some(mongo) = mongo {
            mongo.create_collections(registry.collections().cloned()).await?;
        }
        let (layer, io) = transport::engine::build(config.settings());
        let sender = Sender::new(io, config.settings().socketio.ack_timeout);
        let startup = Startup { config, sender, database: mongo.map(Mongo::database).cloned() };
        let provided = provide(app.providers, &startup).await?;
        let Startup { config, sender, database } = startup;
        let work = Arc::new(Work::new(&config.settings().events, Handle::current()));
        let blocking = Blocking::new(config.settings().events.blocking_threads, work.clone());
        let state = Arc::new(AppState {
            config,
            registry: Arc::new(registry),
            sender,
            work,
            blocking,
            failures: Arc::default(),
            sessions: Arc::default(),
            database,
            provided,
            auth,
        });
        transport::open_namespaces(&state);
        let service = Service::new(&state, app.router, &layer, address);
        Ok(Prepared { state, service })
    }
}

/// What the application makes for its handlers, in the order in which it said so.
async fn provide(providers: Vec<Box<dyn Provider>>, startup: &Startup) -> Result<HashMap<TypeId, Value>, Obstacle> {
    let mut provided = HashMap::new();
    for provider in providers {
        let (id, name) = (provider.type_id(), provider.type_name());
        let value = provider.make(startup).await.map_err(|error| {
            let cause = error.cause().map(|cause| format!(": {cause}")).unwrap_or_default();
            Obstacle::Provider { name, message: format!("{}{cause}", error.message()) }
        })?;
        provided.insert(id, value);
    }
    Ok(provided)
}
