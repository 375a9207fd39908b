//! An application without a network.

use super::{
    App, AppState,
    error::{Obstacle, StartError},
    prepare::{Checked, Prepared},
    stop::{close, finish_work},
};
use crate::{
    Error,
    auth::Accounts,
    config::{Config, Sources},
    http::InMemory,
    mongo::Mongo,
    testing::{ClientError, Connecting, PATIENCE, Request, Response, send},
    transport,
};
use bytes::Bytes;
use futures_util::FutureExt;
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};
use tokio::io::DuplexStream;

/// An application that serves clients inside this process, made by [`App::in_process`].
///
/// Its clients come over streams in memory, and from there on through everything that a server has: HTTP, Engine.IO, Socket.IO,
/// settings, authentication, queues, limits. Their address is 127.0.0.1, port 0. What belongs to a listener is not there: TLS,
/// and the limits of connections.
///
/// ```standalone_crate
/// # use lambdio::prelude::*;
/// #[handler(namespace = "/chat", event = "say")]
/// async fn say(Data(text): Data<String>) -> usize {
///     text.len()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = lambdio::App::new().in_process(["events.timeout=1s"]).await?;
/// let ada = app.client("/chat").await?;
/// let length: usize = ada.ask("say", &"hello").await?;
/// assert_eq!(length, 5);
/// app.stop().await;
/// # Ok(())
/// # }
/// ```
///
/// Dropping it ends it at once: connections are closed and nothing is waited for. What was accepted, and disconnect handlers,
/// still run in the background, within their deadlines, and their answers reach nobody. Then nothing of it is left.
pub struct InProcess {
    state: Arc<AppState>,
    connections: InMemory,
    mongo: Option<Mongo>,
    stopped: bool,
}

impl InProcess {
    pub(super) async fn start(app: App, overrides: Vec<String>) -> Result<Self, StartError> {
        // no folder has this name, so that nothing around the test changes it
        let sources = Sources { dir: PathBuf::new(), overrides, ..Sources::default() };
        let checked = Checked::new(app, Config::read(&sources))?;
        let mongo = checked.start_mongo().await?;
        Ok(Self::begin(checked, mongo).await?)
    }

    /// Begins to serve what was checked, with this database.
    pub(super) async fn begin(checked: Checked, mongo: Option<Mongo>) -> Result<Self, Obstacle> {
        let prepared = match checked.load_tokens() {
            Ok(tokens) => checked.prepare(tokens, mongo.as_ref(), InMemory::ADDRESS, None).await,
            Err(obstacle) => Err(obstacle),
        };
        match prepared {
            Ok(Prepared { state, service }) => {
                let connections = InMemory::new(service);
                Ok(Self { state, connections, mongo, stopped: false })
            }
            Err(obstacle) => {
                if let Some(mongo) = mongo {
                    mongo.stop().await;
                }
                Err(obstacle)
            }
        }
    }

    /// The accounts.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn accounts(&self) -> Result<Arc<Accounts>, Error> {
        self.state.auth.accounts()
    }

    /// A client that is about to enter a namespace. Await it, or say first what it brings.
    pub fn client(&self, namespace: &str) -> Connecting {
        let settings = self.state.settings();
        Connecting::new(self.connect(), &settings.socketio.path, namespace)
    }

    /// Sends an HTTP request, over a connection of its own, and waits for the answer.
    ///
    /// # Errors
    /// [`ClientError`] where there is no answer within ten seconds. A status is no error.
    pub async fn request<B: Into<Bytes>>(&self, request: Request<B>) -> Result<Response<Bytes>, ClientError> {
        self.request_within(request, PATIENCE).await
    }

    /// The same with another patience.
    pub(super) async fn request_within<B: Into<Bytes>>(
        &self,
        request: Request<B>,
        patience: Duration,
    ) -> Result<Response<Bytes>, ClientError> {
        send(self.connect(), request.map(Into::into), patience).await
    }

    /// A new connection: the client's end, for a client of one's own that speaks HTTP. Dropping it cuts the connection.
    #[must_use]
    pub fn connect(&self) -> DuplexStream {
        self.connections.open()
    }

    /// Stops as a server does: refuses new work, finishes what was accepted within `server.shutdown_timeout`, tells
    /// disconnect handlers, closes connections, and stops the database last.
    pub async fn stop(mut self) {
        finish_work(&self.state).await;
        close(&self.state).await;
        self.stopped = true;
        if let Some(mongo) = self.mongo.take() {
            mongo.stop().await;
        }
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        if self.stopped {
            return;
        }
        // it may be dropped where no runtime is
        let _entered = self.connections.runtime().enter();
        self.state.work.refuse_new();
        transport::say_goodbye(&self.state);
        transport::close(&self.state).now_or_never();
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("registry", &self.state.registry()).finish_non_exhaustive()
    }
}
