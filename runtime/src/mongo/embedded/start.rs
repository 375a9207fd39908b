//! The steps from nothing to a `mongod` that takes writes.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinError;

use super::data_dir::DataDir;
use super::error::EmbeddedError;
use super::keeper::{Backoff, End, Keeper};
use super::launch::{self, Launch};
use super::{EmbeddedOptions, locate, log, orphan, replica_set};

/// For `mongod` to become ready, a recovery after a crash included. A download is not part of it.
const READY: Duration = Duration::from_secs(60);

/// How many ports are tried when others take them first.
const PORTS: usize = 5;

/// mongod's exit code for a port in use.
const EXIT_PORT_IN_USE: i32 = 48;

/// A `mongod` that takes writes, not supervised yet.
pub(super) struct Ready {
    pub(super) keeper: Keeper,
    pub(super) binary: PathBuf,
    pub(super) dir: DataDir,
    pub(super) port: u16,
    pub(super) password: String,
}

/// Takes the steps until `called_off` completes; then a `mongod` that was started has ended before this returns.
pub(super) async fn start(
    options: EmbeddedOptions,
    mut called_off: Pin<&mut impl Future<Output = ()>>,
) -> Result<Ready, EmbeddedError> {
    let found = blocking(move || {
        // The directory first: whoever is refused must not download 42 MB before that.
        let dir = DataDir::open(&options.data_dir)?;
        let binary = locate::locate(options.binary.as_deref(), options.cache_dir.as_deref())?;
        orphan::end(&dir.db())?;
        let (key, password) = (dir.key()?, dir.password()?);
        Ok((binary, dir, key, password))
    });
    let (binary, dir, key, password) = tokio::select! {
        found = found => found?,
        () = &mut called_off => return Err(EmbeddedError::CalledOff),
    };
    let (keeper, port) = start_on_a_free_port(&binary, &dir, &key, &password, called_off).await?;
    Ok(Ready { keeper, binary, dir, port, password })
}

async fn start_on_a_free_port(
    binary: &Path,
    dir: &DataDir,
    key: &str,
    password: &str,
    mut called_off: Pin<&mut impl Future<Output = ()>>,
) -> Result<(Keeper, u16), EmbeddedError> {
    let mut attempt = 1;
    loop {
        let port = launch::free_port().map_err(EmbeddedError::io("find a free port for", binary))?;
        let launch = Launch { binary: binary.to_owned(), db: dir.db(), key_file: dir.key_file(), log: dir.log(), port };
        match start_on(launch, key, password, called_off.as_mut()).await {
            Err(EmbeddedError::Exited { status, .. }) if status.code() == Some(EXIT_PORT_IN_USE) && attempt < PORTS => {
                tracing::debug!("port {port} was taken meanwhile");
                attempt += 1;
            }
            outcome => return outcome.map(|keeper| (keeper, port)),
        }
    }
}

/// Starts `mongod` and waits until it is ready, has ended, is called off, or the time is up.
async fn start_on(
    launch: Launch,
    key: &str,
    password: &str,
    called_off: Pin<&mut impl Future<Output = ()>>,
) -> Result<Keeper, EmbeddedError> {
    let (binary, log_file, port) = (launch.binary.clone(), launch.log.clone(), launch.port);
    let keeper = Keeper::start(move || launch.spawn(), log_file.clone(), Backoff::default())
        .map_err(EmbeddedError::io("start a thread for", &binary))?;

    let state = Mutex::new(String::new());
    let tell = |now| *state.lock().unwrap_or_else(PoisonError::into_inner) = now;
    let outcome = tokio::select! {
        // First, since a mongod that has ended explains everything else.
        biased;
        end = keeper.ended() => Err(match end {
            End::Exited(status) => EmbeddedError::Exited { status, log: log::quote(&log_file), log_file },
            End::NotSpawned(source) => EmbeddedError::Spawn { binary, source },
            End::WhilePausing => EmbeddedError::Spawn {
                binary,
                source: Arc::new(io::Error::other("it was stopped meanwhile")),
            },
        }),
        () = called_off => Err(EmbeddedError::CalledOff),
        prepared = tokio::time::timeout(READY, replica_set::prepare(port, key, password, &tell)) => match prepared {
            Ok(prepared) => prepared,
            Err(_elapsed) => Err(EmbeddedError::NotReady {
                seconds: READY.as_secs(),
                state: state.lock().unwrap_or_else(PoisonError::into_inner).clone(),
                log: log::quote(&log_file),
                log_file,
            }),
        },
    };
    if let Err(error) = outcome {
        // Before the directory is free for others, so that none finds an orphan.
        keeper.stop().await;
        return Err(error);
    }
    Ok(keeper)
}

/// Runs file and process work away from the async threads.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EmbeddedError> + Send + 'static,
) -> Result<T, EmbeddedError> {
    match tokio::task::spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
        Ok(outcome) => outcome,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // Only a runtime that is shutting down cancels blocking work, and with it whoever awaits it.
        Err(Err(_cancelled)) => std::future::pending().await,
    }
}
