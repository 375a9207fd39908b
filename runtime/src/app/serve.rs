//! From configuration to a running server, and back.

use super::{App, AppState, Startup, announce::announce, error::StartError, logging};
use crate::{
    auth::Auth,
    config::Config,
    emit::Sender,
    http::{Listener, Service},
    mongo::Mongo,
    registry::{self, Offer, Registry},
    transport,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long answers have to reach their clients before connections are closed.
const FLUSH: Duration = Duration::from_millis(100);

/// Serves until a signal tells to stop.
pub(super) fn serve(app: App, config: Config) -> Result<(), StartError> {
    logging::start(&config.settings().log)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let registry = Registry::collect(&config)?;
    let provided = app.providers.iter().map(|provider| provider.type_id()).collect();
    let accounts = config.settings().auth.accounts.is_some();
    registry::check(&registry, &Offer { settings: config.settings(), provided, accounts })?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::Runtime)?;
    let served = runtime.block_on(start_and_run(app, config, registry));
    // what still runs now has had its time
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn start_and_run(app: App, config: Config, registry: Registry) -> Result<(), StartError> {
    let mut stop = Stop::listen()?;
    let listener = Listener::bind(&config.settings().server).await.map_err(|(address, error)| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            StartError::PortInUse(address)
        } else {
            StartError::Listen(address, error)
        }
    })?;
    let auth = Auth::start(&config)?;
    let mongo = if registry.needs_database() {
        tokio::select! {
            mongo = Mongo::start(&config.settings().mongo) => Some(mongo?),
            () = stop.requested() => return Ok(()),
        }
    } else {
        None
    };
    let served = run(app, config, registry, auth, mongo.as_ref(), listener, &mut stop).await;
    if let Some(mongo) = mongo {
        mongo.stop().await;
    }
    served
}

async fn run(
    app: App,
    config: Config,
    registry: Registry,
    auth: Option<Auth>,
    mongo: Option<&Mongo>,
    listener: Listener,
    stop: &mut Stop,
) -> Result<(), StartError> {
    let database = mongo.map(Mongo::database).cloned();
    if let Some(mongo) = mongo {
        mongo.create_collections(registry.collections().cloned()).await?;
    }
    let (layer, io) = transport::engine::build(config.settings());
    let sender = Sender::new(io, config.settings().socketio.ack_timeout);
    let startup = Startup { config, sender, database };
    let mut provided = HashMap::new();
    for provider in app.providers {
        let (id, name) = (provider.type_id(), provider.type_name());
        let value = provider.make(&startup).await.map_err(|error| {
            let cause = error.cause().map(|cause| format!(": {cause}")).unwrap_or_default();
            StartError::Provider { name, message: format!("{}{cause}", error.message()) }
        })?;
        provided.insert(id, value);
    }
    let Startup { config, sender, database } = startup;
    let state = Arc::new(AppState {
        config,
        registry: Arc::new(registry),
        sender,
        work: Arc::default(),
        database,
        provided,
        auth,
    });
    transport::open_namespaces(&state);
    let service = Service::new(&state, app.router, &layer, listener.address());

    announce(&state, listener.address());
    // connections are accepted to the end: a polling client fetches its last answers with new ones
    let mut serving = std::pin::pin!(listener.serve(service));
    tokio::select! {
        () = &mut serving => {}
        () = stop.requested() => {}
    }
    tokio::select! {
        () = serving => {}
        () = shut_down(&state) => tracing::info!("stopped"),
        () = stop.requested() => tracing::warn!("stopped at once, at the second signal"),
    }
    Ok(())
}

/// Refuse new work, finish what was accepted, let the answers go out, tell the disconnect handlers, close.
async fn shut_down(app: &AppState) {
    let limit = app.settings().server.shutdown_timeout;
    tracing::info!("stopping: finishing what was accepted, for at most {limit:?}");
    let stopped = tokio::time::timeout(limit, async {
        app.work.refuse_new();
        app.work.finished().await;
        tokio::time::sleep(FLUSH).await;
        transport::say_goodbye(app);
        app.work.finished().await;
        app.sender.io().close().await;
    });
    if stopped.await.is_err() {
        tracing::warn!("server.shutdown_timeout passed: what was still running is cut off");
    }
}

/// The signals that stop a server.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> Result<Self, StartError> {
        let listen = |kind| signal(kind).map_err(StartError::Runtime);
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    async fn requested(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
