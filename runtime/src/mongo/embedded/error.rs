//! What can go wrong with the embedded database, one variant a failure.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;

/// The three ways to a database when lambdio cannot provide one by itself. Every error about the binary ends with it.
pub(super) const WAYS_OUT: &str = "There are three ways out: name a mongod binary in `mongo.embedded.binary`, \
     install one so that `mongod` is found on PATH, or use a running MongoDB with a `mongodb://` address in `mongo.uri`";

/// Why the embedded database could not be found, started or prepared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// `mongo.embedded.binary` names something that cannot be run.
    #[error("`mongo.embedded.binary` is `{}`, which {problem}. {WAYS_OUT}", path.display())]
    Binary {
        /// The path as configured.
        path: PathBuf,
        /// What is wrong with it, as the end of a sentence.
        problem: String,
    },

    /// There is no known place to fetch a `mongod` for this platform from.
    #[error("no mongod was found, and lambdio knows no place to fetch one for {platform} from. {WAYS_OUT}")]
    Platform {
        /// Operating system, architecture and C library.
        platform: String,
    },

    /// Neither the configuration nor the environment says where fetched binaries belong.
    #[error(
        "no mongod was found, and there is no directory to keep a fetched one in: \
         set `mongo.embedded.cache_dir`, or HOME in the environment. {WAYS_OUT}"
    )]
    CacheDir,

    /// The one-time download failed.
    #[error("no mongod was found, and fetching one failed: {reason}. {WAYS_OUT}")]
    Fetch {
        /// What the download tool or the file system said.
        reason: String,
    },

    /// The file or process operation failed.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// The verb, such as "create the data directory".
        doing: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },

    /// Another live runtime works on the same data directory.
    #[error(
        "the data directory `{}` is in use by another running lambdio{}: \
         stop that one, or give this one its own `mongo.embedded.data_dir`",
        path.display(),
        owner.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// Process id of the other runtime, where it left one.
        owner: Option<String>,
    },

    /// A `mongod` left over from a killed runtime does not go away.
    #[error(
        "the database files in `{}` are still held by mongod process {pid}, left over from an earlier run, \
         which does not end: end it by hand",
        path.display()
    )]
    Orphan {
        /// The database folder.
        path: PathBuf,
        /// Process id, as `mongod` wrote it to its lock file.
        pid: String,
    },

    /// The operating system gave no random bytes for the secrets.
    #[error("the operating system gave no random bytes for the database's secrets: {0}")]
    Random(#[from] getrandom::Error),

    /// The binary could not be executed.
    #[error("cannot run `{}`: {source}. {WAYS_OUT}", binary.display())]
    Spawn {
        /// The `mongod` chosen.
        binary: PathBuf,
        /// The operating system's answer.
        source: Arc<io::Error>,
    },

    /// `mongod` ended while it was being started.
    #[error("mongod ended while starting ({status}){}. Its log, `{}`, says: {log}", hint(*status), log_file.display())]
    Exited {
        /// Exit code or signal.
        status: ExitStatus,
        /// Where the whole log is.
        log_file: PathBuf,
        /// The last telling lines of it.
        log: String,
    },

    /// Whoever started it wants it no more.
    #[error("the start of mongod was called off")]
    CalledOff,

    /// `mongod` runs, but did not become ready within the bound.
    #[error("mongod was not ready after {seconds} s ({state}). Its log, `{}`, says: {log}", log_file.display())]
    NotReady {
        /// The bound.
        seconds: u64,
        /// What it was waiting for.
        state: String,
        /// Where the whole log is.
        log_file: PathBuf,
        /// The last telling lines of it.
        log: String,
    },

    /// `mongod` refused a step of its own preparation.
    #[error("cannot {step} of the embedded database: {source}")]
    Setup {
        /// The step, such as "initiate the replica set".
        step: &'static str,
        /// The driver's error.
        source: Box<mongodb::error::Error>,
    },
}

impl EmbeddedError {
    /// For `map_err`: an operation on a path that failed.
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// For `map_err`: a step of the preparation that `mongod` or the driver refused.
    pub(super) fn setup(step: &'static str) -> impl FnOnce(mongodb::error::Error) -> Self {
        move |source| Self::Setup { step, source: Box::new(source) }
    }
}

/// What mongod's exit codes mean, for those that an operator can do something about
/// (<https://www.mongodb.com/docs/manual/reference/exit-codes/>).
pub(super) fn hint(status: ExitStatus) -> &'static str {
    match status.code() {
        Some(62) => {
            ": the data files were written by another version of mongod; start that version on them, \
             or move the data directory away"
        }
        Some(127) => ": a shared library it needs is missing on this machine",
        _ => "",
    }
}
