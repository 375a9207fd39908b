//! From configuration to a running server, and back.

use super::{App, AppState, Startup, announce::announce, error::StartError, logging};
use crate::{
    auth::Auth,
    config::Config,
    dispatch::{Blocking, Work},
    emit::Sender,
    http::{Listener, Service},
    mongo::Mongo,
    registry::{self, Offer, Registry},
    transport,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    signal::unix::{Signal, SignalKind, signal},
};

/// How long answers have to reach their clients before connections are closed.
const FLUSH: Duration = Duration::from_millis(100);

/// How long disconnect handlers, and then connections, may take at the end.
const CLOSE: Duration = Duration::from_secs(2);

/// Serves until a signal tells to stop.
pub(super) fn serve(app: App, config: Config) -> Result<(), StartError> {
    logging::start(&config.settings().log)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let registry = Registry::collect(&config)?;
    let provided = app.providers.iter().map(|provider| (provider.type_id(), provider.type_name())).collect();
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
    let listener = Listener::bind(&config.settings().server).await?;
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
        tokio::select! {
            created = mongo.create_collections(registry.collections().cloned()) => created?,
            () = stop.requested() => return Ok(()),
        }
    }
    let (layer, io) = transport::engine::build(config.settings());
    let sender = Sender::new(io, config.settings().socketio.ack_timeout);
    let startup = Startup { config, sender, database };
    let mut provided = HashMap::new();
    for provider in app.providers {
        let (id, name) = (provider.type_id(), provider.type_name());
        let value = tokio::select! {
            made = provider.make(&startup) => made.map_err(|error| {
                let cause = error.cause().map(|cause| format!(": {cause}")).unwrap_or_default();
                StartError::Provider { name, message: format!("{}{cause}", error.message()) }
            })?,
            () = stop.requested() => return Ok(()),
        };
        provided.insert(id, value);
    }
    let Startup { config, sender, database } = startup;
    let work = Arc::new(Work::new(&config.settings().events, Handle::current()));
    let blocking = Blocking::new(config.settings().events.blocking_threads, work.clone());
    let state = Arc::new(AppState {
        config,
        registry: Arc::new(registry),
        sender,
        work,
        blocking,
        sessions: Arc::default(),
        database,
        provided,
        auth,
    });
    transport::open_namespaces(&state);
    let service = Service::new(&state, app.router, &layer, listener.address());

    announce(&state, listener.address());
    // answers still have to go out while work is being finished, over polling with new connections
    let mut serving = std::pin::pin!(listener.serve(service));
    tokio::select! {
        () = &mut serving => {}
        () = stop.requested() => {}
    }
    tokio::select! {
        () = serving => {}
        () = finish_work(&state) => {}
        () = stop.requested() => {
            tracing::warn!("stopped at once, at the second signal");
            return Ok(());
        }
    }
    tokio::select! {
        () = close(&state) => tracing::info!("stopped"),
        () = stop.requested() => tracing::warn!("stopped at once, at the second signal"),
    }
    Ok(())
}

/// Refuse new work, finish what was accepted, let the answers go out.
async fn finish_work(app: &AppState) {
    let limit = app.settings().server.shutdown_timeout;
    app.work.refuse_new();
    tracing::info!("stopping: finishing what was accepted, for at most {limit:?}");
    if tokio::time::timeout(limit, app.work.finished()).await.is_err() {
        tracing::warn!("server.shutdown_timeout passed: what is still running is cut off");
    }
    tokio::time::sleep(FLUSH).await;
}

/// Tell the disconnect handlers, close all connections. Nobody is let in any more.
async fn close(app: &AppState) {
    transport::say_goodbye(app);
    let told = tokio::time::timeout(CLOSE, app.work.finished()).await;
    let closed = tokio::time::timeout(CLOSE, app.sender.io().close()).await;
    if told.is_err() || closed.is_err() {
        tracing::warn!("some handlers or connections did not end in time and are cut off");
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
