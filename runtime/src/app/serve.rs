//! A server: a listener, and the signals that stop it.

use super::{
    App,
    announce::announce,
    error::Obstacle,
    memory,
    prepare::{Checked, Prepared},
    reload::reload_when_told,
    service_manager,
    stop::{close, finish_work},
};
use crate::{
    config::Config,
    http::{Listener, Starting},
    log,
    metrics::{Counting, Showing},
    mongo::Mongo,
    traces::Sending,
};
use std::{
    pin::pin,
    time::{Duration, Instant},
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

/// After how many turns of its tasks a thread looks what has arrived. tokio's 61 are many where one client keeps the tasks of its
/// connection busy all the time: whoever else sends something would wait for 61 of their turns.
const TURNS_BETWEEN_ARRIVALS: u32 = 16;

/// Serves until a signal tells to stop, with the settings that `read` finds.
pub(super) fn serve(app: App, read: impl FnOnce() -> Config) -> Result<(), Obstacle> {
    memory::keep();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .event_interval(TURNS_BETWEEN_ARRIVALS)
        .build()
        .map_err(Obstacle::Runtime)?;
    // before anything that takes time: a signal that comes early waits, and ends nobody
    let signals = runtime.block_on(async { Signals::listen() })?;
    let config = read();
    // of wrong settings nothing is put in force
    let _logging = config.mistakes().is_none().then(|| log::start(config.settings())).transpose()?;
    // before everything that counts
    let counting = Counting::start(&config.settings().metrics);
    let checked = Checked::of_server(app, config)?;
    let served = runtime.block_on(start_and_run(checked, counting, signals));
    // what still runs now has had its time
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn start_and_run(checked: Checked, counting: Counting, signals: Signals) -> Result<(), Obstacle> {
    let Signals { mut stop, mut hangup } = signals;
    checked.limit_clients();
    let listener = Listener::bind(&checked.config().settings().server).await?;
    let metrics = counting.show(&checked.config().settings().metrics, checked.readiness()).await?;
    tracing::debug!("listening on {}, starting", listener.address());
    let tokens = checked.load_tokens()?;
    let starting = checked.starting(listener.tls());
    let traces = Sending::start(checked.config().settings())?;
    let Some(mongo) = start_mongo(&checked, &listener, &starting, &mut stop).await? else {
        return Ok(());
    };
    let preparing = checked.prepare(tokens, mongo.as_ref(), listener.address(), listener.tls());
    let (served, end) = match until_stopped(preparing, &listener, &starting, &mut stop).await {
        Ok(Some(prepared)) => (Ok(()), run(prepared, listener, &metrics, &mut stop, &mut hangup).await),
        Ok(None) => (Ok(()), End::InOrder),
        Err(obstacle) => (Err(obstacle), End::InOrder),
    };
    let farewell = async {
        traces.stop().await;
        if let Some(mongo) = mongo {
            mongo.stop().await;
        }
    };
    let end = match end {
        End::InOrder => tokio::select! {
            () = farewell => End::InOrder,
            () = stop.requested() => End::AtOnce,
        },
        // an embedded mongod is told to end, and nobody waits for it
        End::AtOnce => End::AtOnce,
    };
    if end == End::AtOnce {
        tell_at_once();
    }
    served
}

fn tell_at_once() {
    tracing::warn!("stopped at once, at the second signal");
}

/// How a server ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Everything was waited for, within its bounds.
    InOrder,
    /// A second signal came.
    AtOnce,
}

/// The database, while clients are told that the start goes on; `None` where a signal ended it. Nothing of it is left then,
/// unless a second signal came.
async fn start_mongo(
    checked: &Checked,
    listener: &Listener,
    starting: &Starting,
    stop: &mut Stop,
) -> Result<Option<Option<Mongo>>, Obstacle> {
    // dropped, it calls the start off
    let (wanted, unwanted) = oneshot::channel::<()>();
    let mut start = pin!(checked.start_mongo_unless(async { drop(unwanted.await) }));
    if let Some(mongo) = until_stopped(start.as_mut(), listener, starting, stop).await? {
        return Ok(Some(mongo));
    }
    drop(wanted);
    let called_off = async {
        // it may be there already
        if let Ok(Some(mongo)) = start.await {
            mongo.stop().await;
        }
    };
    tokio::select! {
        () = called_off => {}
        () = stop.requested() => tell_at_once(),
    }
    Ok(None)
}

/// A step of the start, while clients are told that it goes on; `None` where a signal ended it.
async fn until_stopped<T>(
    work: impl Future<Output = Result<T, Obstacle>>,
    listener: &Listener,
    starting: &Starting,
    stop: &mut Stop,
) -> Result<Option<T>, Obstacle> {
    tokio::select! {
        done = work => return done.map(Some),
        () = listener.serve(starting.clone()) => {}
        () = stop.requested() => {}
    }
    tracing::info!("stopped while starting");
    Ok(None)
}

async fn run(
    Prepared { state, service }: Prepared,
    listener: Listener,
    metrics: &Showing,
    stop: &mut Stop,
    hangup: &mut Signal,
) -> End {
    metrics.looks_at(&state);
    announce(&state, listener.address(), metrics.address());
    let _watched = service_manager::ready(state.settings().server.scheme(), listener.address());
    // answers still have to go out while work is being finished, over polling with new connections
    let mut serving = pin!(listener.serve(service));
    tokio::select! {
        () = &mut serving => {}
        () = reload_when_told(state.clone(), hangup) => {}
        () = stop.requested() => {}
    }
    let begun = Instant::now();
    service_manager::stopping();
    tokio::select! {
        () = serving => {}
        () = finish_work(&state) => {}
        () = stop.requested() => return End::AtOnce,
    }
    tokio::select! {
        () = close(&state) => {}
        () = stop.requested() => return End::AtOnce,
    }
    tracing::info!("stopped after {:.1} s", begun.elapsed().as_secs_f64());
    End::InOrder
}

/// The signals that a server listens to.
struct Signals {
    stop: Stop,
    hangup: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Obstacle> {
        Ok(Self { stop: Stop::listen()?, hangup: signal(SignalKind::hangup()).map_err(Obstacle::Runtime)? })
    }
}

/// Those that stop it.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> Result<Self, Obstacle> {
        let listen = |kind| signal(kind).map_err(Obstacle::Runtime);
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
