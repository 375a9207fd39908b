//! A private `mongod` that the runtime finds or fetches, starts, supervises and stops: `mongo.uri = "embedded"`.
//!
//! It is a single-node replica set, so that transactions and change streams work as they do in production. It listens on a
//! free port of the loopback only, with access control on, and keeps everything it owns under one directory:
//!
//! | in the data directory | |
//! |---|---|
//! | `lambdio.lock` | locked while a runtime uses the directory; holds its process id |
//! | `db/` | mongod's own files |
//! | `mongod.log`, `mongod.previous.log` | its log since the last start, and the one before |
//! | `mongod.key` | the replica set's internal key |
//! | `password` | of the database user `lambdio` |
//!
//! # The life of a `mongod`
//!
//! [`Embedded::start`] locks the directory, ends a `mongod` that a killed runtime left behind, starts a new one on a
//! free port and prepares it. From then on a thread of its own watches it and starts it again, on the same port, when it
//! dies. [`Embedded::stop`] ends it. It also ends when the value is dropped and, on Linux, when the runtime is killed.
//! The terminal's Ctrl-C does not reach it: the runtime finishes its work first.
//!
//! ```no_run
//! # use lambdio::mongo::embedded::{Embedded, EmbeddedOptions};
//! # async fn example() -> Result<(), lambdio::Error> {
//! let embedded = Embedded::start(EmbeddedOptions::new("data/mongo")).await?;
//! let client = mongodb::Client::with_options(embedded.client_options())?;
//! client.database("app").run_command(mongodb::bson::doc! { "ping": 1 }).await?;
//! embedded.stop().await;
//! # Ok(()) }
//! ```

mod attach;
mod data_dir;
mod error;
mod fetch;
mod keeper;
mod launch;
#[cfg(target_os = "linux")]
mod lifetime;
mod locate;
mod log;
mod look;
mod orphan;
mod pip;
mod replica_set;
mod start;

use std::fmt;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Instant;

use mongodb::options::ClientOptions;
use tokio::task::AbortHandle;

pub(super) use self::attach::attach;
pub use self::error::EmbeddedError;
pub(super) use self::look::{Wrong, look_at_data, look_for_binary};

use self::data_dir::DataDir;
use self::keeper::Keeper;
use self::start::Ready;

/// The settings `mongo.embedded.*`.
#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// Where data, log and secrets are kept. Created when absent, readable by its owner only.
    pub data_dir: PathBuf,
    /// The `mongod` to run. Without it: the one on PATH, else the one in the cache, else one is fetched into the cache.
    pub binary: Option<PathBuf>,
    /// Where a fetched `mongod` is kept for all projects of a user. Default: `lambdio` in the user's cache folder.
    pub cache_dir: Option<PathBuf>,
}

impl EmbeddedOptions {
    /// Options for a data directory, with the defaults for the rest.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), binary: None, cache_dir: None }
    }
}

/// A running private `mongod`. [Stop](Self::stop) it last, when no client needs it any more.
pub struct Embedded {
    // Fields are dropped in this order: the directory is free again only after mongod was asked to end.
    keeper: Keeper,
    log_keeper: AbortHandle,
    dir: DataDir,
    port: u16,
    password: String,
}

impl Embedded {
    /// Finds or fetches a `mongod`, starts it on the data directory and waits until it takes writes.
    ///
    /// Needs a tokio runtime with time and I/O. Dropping the future ends a `mongod` that it has started already; a
    /// download goes on.
    ///
    /// # Errors
    /// Every [`EmbeddedError`]: no binary to run, the directory in use or not writable, or a `mongod` that ends early or
    /// is not ready within 60 seconds.
    pub async fn start(options: EmbeddedOptions) -> Result<Self, EmbeddedError> {
        Self::start_unless(std::future::pending(), options).await
    }

    /// The same, until `called_off` completes. Then what was started has ended before this returns, a download excepted: it
    /// ends with the process.
    pub(super) async fn start_unless(
        called_off: impl Future<Output = ()>,
        options: EmbeddedOptions,
    ) -> Result<Self, EmbeddedError> {
        let begun = Instant::now();
        let Ready { keeper, binary, dir, port, password } = start::start(options, pin!(called_off)).await?;
        keeper.supervise();
        tracing::info!(
            "embedded MongoDB is ready on 127.0.0.1:{port} after {:.1} s (process {}, {}, data in {})",
            begun.elapsed().as_secs_f64(),
            keeper.pid().unwrap_or_default(),
            binary.display(),
            dir.db().display()
        );
        let log_keeper = tokio::spawn(log::keep_small(dir.log())).abort_handle();
        Ok(Self { keeper, log_keeper, dir, port, password })
    }

    /// Options for the application's clients: address, credential and replica set. The rest is the driver's default.
    ///
    /// They stay valid when `mongod` is started again, until [`stop`](Self::stop). They hold the password, which their
    /// `Debug` hides.
    #[must_use]
    pub fn client_options(&self) -> ClientOptions {
        replica_set::application_options(self.port, &self.password)
    }

    /// Host and port, without any secret: for logs.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Process id of `mongod`; none while it is down between two starts.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.keeper.pid()
    }

    /// Ends `mongod`: SIGTERM, up to 10 seconds for a clean end, SIGKILL. Then the data directory is free.
    pub async fn stop(self) {
        let begun = Instant::now();
        self.keeper.stop().await;
        tracing::info!("embedded MongoDB stopped after {:.1} s", begun.elapsed().as_secs_f64());
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        // The keeper's own drop asks mongod to end.
        self.log_keeper.abort();
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keeper, dir, port, log_keeper: _, password: _ } = self;
        f.debug_struct("Embedded").field("keeper", keeper).field("dir", dir).field("port", port).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
