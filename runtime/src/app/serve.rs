//! A server: a listener, and the signals that stop it.

use super::{
    App,
    announce::announce,
    error::Obstacle,
    logging,
    prepare::{Checked, Prepared},
    stop::{close, finish_work},
};
use crate::{config::Config, http::Listener};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Serves until a signal tells to stop.
pub(super) fn serve(app: App, config: Config) -> Result<(), Obstacle> {
    logging::start(&config.settings().log)?;
    let checked = Checked::new(app, config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Obstacle::Runtime)?;
    let served = runtime.block_on(start_and_run(checked));
    // what still runs now has had its time
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn start_and_run(checked: Checked) -> Result<(), Obstacle> {
    let mut stop = Stop::listen()?;
    let listener = Listener::bind(&checked.config().settings().server).await?;
    let tokens = checked.load_tokens()?;
    let mongo = tokio::select! {
        mongo = checked.start_mongo() => mongo?,
        () = stop.requested() => return Ok(()),
    };
    let served = tokio::select! {
        prepared = checked.prepare(tokens, mongo.as_ref(), listener.address()) => match prepared {
            Ok(prepared) => {
                run(prepared, listener, &mut stop).await;
                Ok(())
            }
            Err(obstacle) => Err(obstacle),
        },
        () = stop.requested() => Ok(()),
    };
    if let Some(mongo) = mongo {
        mongo.stop().await;
    }
    served
}

async fn run(Prepared { state, service }: Prepared, listener: Listener, stop: &mut Stop) {
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
        () = stop.requested() => return tracing::warn!("stopped at once, at the second signal"),
    }
    tokio::select! {
        () = close(&state) => tracing::info!("stopped"),
        () = stop.requested() => tracing::warn!("stopped at once, at the second signal"),
    }
}

/// The signals that stop a server.
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
