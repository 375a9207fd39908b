//! Knows whether the database answers, so that nobody else has to find out.

use super::waiting::in_short;
use crate::health::ReadinessPart;
use mongodb::{
    Client,
    bson::doc,
    error::Error as DriverError,
    event::{EventHandler, sdam::SdamEvent},
    options::ClientOptions,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{sleep, timeout},
};

/// Between two looks at a database that answers. What the driver notices is looked at sooner.
const PAUSE: Duration = Duration::from_secs(2);

/// Between two looks in any case.
const SHORT_PAUSE: Duration = Duration::from_millis(250);

/// How long an answer may take once there is a server to ask.
const ANSWER: Duration = Duration::from_secs(2);

/// Looks after the database, until it is dropped.
///
/// It has a connection of its own: when handlers use all others, the database is busy and not away. Away it is when no
/// primary answers within `mongo.server_selection_timeout`, or when one leaves an answer waiting for two seconds more. What
/// is shorter, such as an election or a restart, is waited through by whoever asks.
pub(super) struct Monitor(AbortHandle);

impl Monitor {
    /// Begins. `options` are those of the application's client, and the database has answered already.
    ///
    /// # Errors
    /// The options contradict each other.
    pub fn start(mut options: ClientOptions, part: ReadinessPart) -> Result<Self, DriverError> {
        let changed = Arc::new(Notify::new());
        let limit = options.server_selection_timeout.unwrap_or_default() + ANSWER;
        options.min_pool_size = None;
        options.max_pool_size = Some(1);
        options.command_event_handler = None;
        options.cmap_event_handler = None;
        options.sdam_event_handler = Some(tell(changed.clone()));
        let client = Client::with_options(options)?;
        part.ready();
        Ok(Self(tokio::spawn(watch(client, limit, changed, part)).abort_handle()))
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Notifies of what the driver notices of the servers.
fn tell(changed: Arc<Notify>) -> EventHandler<SdamEvent> {
    EventHandler::callback(move |event| {
        if matches!(event, SdamEvent::ServerHeartbeatFailed(_) | SdamEvent::TopologyDescriptionChanged(_)) {
            changed.notify_one();
        }
    })
}

async fn watch(client: Client, limit: Duration, changed: Arc<Notify>, part: ReadinessPart) {
    let database = client.database("admin");
    let mut away: Option<Instant> = None;
    loop {
        let begun = Instant::now();
        let problem = match timeout(limit, database.run_command(doc! { "ping": 1 })).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(in_short(&error)),
            Err(_) => Some(format!("no answer within {limit:?}")),
        };
        match problem {
            None => {
                part.ready();
                if let Some(since) = away.take() {
                    tracing::info!("the database is back, after {:.1} s", since.elapsed().as_secs_f64());
                }
                let _ = timeout(PAUSE, changed.notified()).await;
            }
            Some(reason) => {
                part.unavailable();
                if away.is_none() {
                    away = Some(begun);
                    tracing::warn!(
                        reason,
                        "the database is away: what needs it is answered \"unavailable\" until it is back"
                    );
                }
            }
        }
        sleep(SHORT_PAUSE).await;
    }
}
