//! From configuration to an application that is ready to serve, wherever its clients come from.

use super::{
    App, AppState, Startup,
    error::Obstacle,
    startup::{Provider, SchemeMaker, Value},
};
use crate::{
    auth::{self, Auth, Logins, Scheme, Tokens},
    config::Config,
    dispatch::{Blocking, Work},
    emit::Sender,
    http::{Pages, Service},
    mongo::Mongo,
    registry::{self, Offer, Registry},
    transport,
};
use std::{any::TypeId, collections::HashMap, net::SocketAddr, sync::Arc};
use tokio::runtime::Handle;

/// An application whose handlers and settings go together, and whose pages are there.
pub(super) struct Checked {
    app: App,
    config: Config,
    registry: Registry,
    pages: Option<Pages>,
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
        let schemes = app.schemes.iter().map(|scheme| scheme.claims()).collect();
        registry::check(&registry, &Offer { settings: config.settings(), provided, accounts, schemes })?;
        let pages = Pages::open(&config)?;
        Ok(Self { app, config, registry, pages })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What makes and checks tokens, where there are accounts.
    pub fn load_tokens(&self) -> Result<Option<Tokens>, Obstacle> {
        let has_accounts = self.config.settings().auth.accounts.is_some();
        Ok(has_accounts.then(|| Tokens::start(&self.config)).transpose()?)
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
        tokens: Option<Tokens>,
        mongo: Option<&Mongo>,
        address: SocketAddr,
    ) -> Result<Prepared, Obstacle> {
        let Self { app, config, registry, pages } = self;
        if let Some(mongo) = mongo {
            mongo.create_collections(registry.collections().cloned()).await?;
        }
        let (layer, io) = transport::engine::build(config.settings());
        let sender = Sender::new(io, config.settings().socketio.ack_timeout);
        let database = mongo.map(Mongo::database).cloned();
        let logins = Arc::new(Logins::new(config.settings().auth.expiry_notice));
        let accounts = auth::accounts(&config, tokens, database.as_ref(), &logins);
        let sessions = auth::Sessions::new(accounts.clone(), logins.clone());
        let startup = Startup { config, sender, database, sessions };
        let provided = provide(app.providers, &startup).await?;
        let schemes = make_schemes(app.schemes, &startup).await?;
        let Startup { config, sender, database, .. } = startup;
        let auth = Arc::new(Auth::start(&config, schemes, accounts, logins));
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
        let service = Service::new(&state, pages, app.router, &layer, address);
        Ok(Prepared { state, service })
    }
}

/// What the application makes for its handlers, in the order in which it said so.
async fn provide(providers: Vec<Box<dyn Provider>>, startup: &Startup) -> Result<HashMap<TypeId, Value>, Obstacle> {
    let mut provided = HashMap::new();
    for provider in providers {
        let (id, name) = (provider.type_id(), provider.type_name());
        let value = provider.make(startup).await.map_err(|error| Obstacle::provider(name, &error))?;
        provided.insert(id, value);
    }
    Ok(provided)
}

/// The application's own ways to prove who somebody is, in the order in which it said so.
async fn make_schemes(makers: Vec<Box<dyn SchemeMaker>>, startup: &Startup) -> Result<Vec<Box<dyn Scheme>>, Obstacle> {
    let mut schemes = Vec::new();
    for maker in makers {
        let name = maker.name();
        let scheme = maker.make(startup).await.map_err(|error| Obstacle::provider(name, &error))?;
        schemes.push(scheme);
    }
    Ok(schemes)
}
