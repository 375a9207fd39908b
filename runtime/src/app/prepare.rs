//! From configuration to an application that is ready to serve, wherever its clients come from.

use super::{
    App, AppState, Startup,
    error::Obstacle,
    found::Found,
    snapshot::Snapshot,
    startup::{Provider, SchemeMaker, Value},
    tables::Tables,
};
use crate::{
    auth::{self, Accounts, Auth, Logins, Scheme, Tokens},
    config::Config,
    dispatch::{Blocking, Work},
    emit::Sender,
    health::{HealthAnswers, Readiness},
    http::{Clients, Front, Pages, Service, Starting},
    log::Records,
    mongo::Mongo,
    registry::{Offer, Present, Registry},
    transport,
};
use arc_swap::ArcSwap;
use socketioxide::layer::SocketIoLayer;
use std::{any::TypeId, collections::HashMap, future::pending, net::SocketAddr, sync::Arc};
use tokio::runtime::Handle;
use tokio_rustls::TlsAcceptor;

/// An application whose handlers and settings go together, and whose pages are there.
pub(super) struct Checked {
    app: App,
    config: Config,
    registry: Registry,
    offer: Offer,
    pages: Option<Pages>,
    clients: Arc<Clients>,
    readiness: Arc<Readiness>,
}

/// An application that is ready to serve.
pub(super) struct Prepared {
    pub state: Arc<AppState>,
    pub service: Service,
}

impl Checked {
    /// Collects the handlers, and finds everything that contradicts, or is not there, the mistakes in the configuration
    /// first: all of it together. Changes nothing. Warnings of the configuration go to the log.
    pub fn new(app: App, config: Config) -> Result<Self, Obstacle> {
        let found = Found::of_settings(&config, &config, &app.tables);
        Self::collect(app, config, found, false)
    }

    /// The same for a server, whose listener needs addresses, and may need files and a database of its own.
    pub fn of_server(app: App, config: Config) -> Result<Self, Obstacle> {
        let mut found = Found::of_settings(&config, &config, &app.tables);
        found.look_at_server(&config);
        Self::collect(app, config, found, true)
    }

    fn collect(app: App, config: Config, mut found: Found, for_server: bool) -> Result<Self, Obstacle> {
        let offer = offer(&app, &config);
        let registry = found.keep(Registry::collect(&config, Some(&offer)));
        if for_server {
            found.look_at_database(&config, registry.as_ref());
        }
        let pages = found.keep(Pages::open(&config));
        let (Some(registry), Some(pages), true) = (registry, pages, found.is_empty()) else {
            return Err(found.into_obstacle());
        };
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
        let clients = Arc::new(Clients::new(&config.settings().server));
        Ok(Self { app, config, registry, offer, pages, clients, readiness: Arc::default() })
    }

    /// Everything that is registered.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether the parts of the server can do their work.
    pub fn readiness(&self) -> &Arc<Readiness> {
        &self.readiness
    }

    /// Leaves clients no more connections than this process can hold.
    pub fn limit_clients(&self) {
        self.clients.apply(self.config.settings());
    }

    /// What is answered until [`prepare`](Self::prepare) is done.
    pub fn starting(&self, tls: Option<TlsAcceptor>) -> Starting {
        let settings = self.config.settings();
        let health = HealthAnswers::new(&settings.health, &self.readiness);
        Starting::new(health, self.clients.clone(), &settings.server, tls)
    }

    /// What makes and checks tokens, where there are accounts.
    pub fn load_tokens(&self) -> Result<Option<Tokens>, Obstacle> {
        let has_accounts = self.config.settings().auth.accounts.is_some();
        Ok(has_accounts.then(|| Tokens::start(&self.config)).transpose()?)
    }

    /// The database, where something asks for it.
    pub async fn start_mongo(&self) -> Result<Option<Mongo>, Obstacle> {
        self.start_mongo_unless(pending()).await
    }

    /// The same, until `called_off` completes: then nothing that was started is left when this returns.
    pub async fn start_mongo_unless(&self, called_off: impl Future<Output = ()>) -> Result<Option<Mongo>, Obstacle> {
        if !self.registry.needs_database() {
            return Ok(None);
        }
        let (settings, part) = (&self.config.settings().mongo, self.readiness.database());
        Ok(Some(Mongo::start(called_off, settings, part).await?))
    }

    /// The same for a command that may run beside a server: where that has the embedded database, both use it.
    pub async fn reach_mongo(&self) -> Result<Option<Mongo>, Obstacle> {
        if !self.registry.needs_database() {
            return Ok(None);
        }
        Ok(Some(Mongo::reach(&self.config.settings().mongo).await?))
    }

    /// Makes what the application provides, as at the start, and drops it again: everything that cannot be made.
    pub async fn try_providers(self, mongo: Option<&Mongo>) -> Vec<Obstacle> {
        let Self { app, config, readiness, .. } = self;
        // no tokens: nobody logs in
        let Beginning { startup, .. } = Beginning::new(config, readiness, None, mongo);
        let mut found = Vec::new();
        for provider in app.providers {
            let name = provider.type_name();
            found.extend(provider.make(&startup).await.err().map(|error| Obstacle::provider(name, &error)));
        }
        for scheme in app.schemes {
            let name = scheme.name();
            found.extend(scheme.make(&startup).await.err().map(|error| Obstacle::provider(name, &error)));
        }
        found
    }

    /// Makes collections, providers and namespaces ready to serve clients at `address`, with TLS or without.
    pub async fn prepare(
        self,
        tokens: Option<Tokens>,
        mongo: Option<&Mongo>,
        address: SocketAddr,
        tls: Option<TlsAcceptor>,
    ) -> Result<Prepared, Obstacle> {
        let Self { app, config, registry, offer, pages, clients, readiness } = self;
        let declared = app.tables;
        if let Some(mongo) = mongo {
            mongo.create_collections(registry.collections().cloned()).await?;
        }
        let Beginning { startup, layer, accounts, logins } = Beginning::new(config, readiness, tokens, mongo);
        let provided = provide(app.providers, &startup).await?;
        let schemes = make_schemes(app.schemes, &startup).await?;
        let Startup { config, tables, sender, database, readiness, .. } = startup;
        let auth = Arc::new(Auth::start(&config, schemes, accounts, logins));
        let work = Arc::new(Work::new(&config.settings().events, Handle::current()));
        let log = Arc::new(Records::new(config.settings()));
        let blocking = Blocking::new(config.settings().events.blocking_threads, work.clone());
        let front = Front::new(&config, pages, address, tls);
        let state = Arc::new(AppState {
            present: Present::new(&registry),
            snapshot: ArcSwap::from_pointee(Snapshot { config, registry: Arc::new(registry), front }),
            sender,
            work,
            blocking,
            log,
            sessions: Arc::default(),
            clients,
            database,
            provided,
            auth,
            tables,
            declared,
            offer,
            readiness,
        });
        transport::open_namespaces(&state);
        let service = Service::new(&state, app.router, &layer);
        state.readiness.serving();
        Ok(Prepared { state, service })
    }
}

/// What the application offers to handlers.
fn offer(app: &App, config: &Config) -> Offer {
    Offer {
        provided: app.providers.iter().map(|provider| (provider.type_id(), provider.type_name())).collect(),
        accounts: config.may_have_accounts(),
        schemes: app.schemes.iter().map(|scheme| scheme.claims()).collect(),
    }
}

/// What is there before the application makes anything.
struct Beginning {
    startup: Startup,
    layer: SocketIoLayer,
    accounts: Option<Arc<Accounts>>,
    logins: Arc<Logins>,
}

impl Beginning {
    fn new(config: Config, readiness: Arc<Readiness>, tokens: Option<Tokens>, mongo: Option<&Mongo>) -> Self {
        let (layer, io) = transport::engine::build(config.settings());
        let sender = Sender::new(io, config.settings().socketio.ack_timeout);
        let database = mongo.map(Mongo::database).cloned();
        let logins = Arc::new(Logins::new(config.settings().auth.expiry_notice));
        let accounts = auth::accounts(&config, tokens, database.as_ref(), &logins, &readiness);
        let sessions = auth::Sessions::new(accounts.clone(), logins.clone());
        let startup = Startup { config, tables: Tables::default(), sender, database, sessions, readiness };
        Self { startup, layer, accounts, logins }
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
