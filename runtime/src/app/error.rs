//! Why an application did not start.

use crate::{
    auth::KeyError,
    config::ConfigErrors,
    error::{Code, Error},
    http::{ListenError, PagesError, TlsError},
    log::Causes,
    metrics::MetricsError,
    mongo::MongoError,
    registry::Problems,
    traces::TracesError,
};
use std::{fmt, io, net::IpAddr};

/// Why an application did not start, in words for a person: what is wrong, where, and what would be right.
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct StartError(#[from] Obstacle);

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
pub(super) enum Obstacle {
    #[error(transparent)]
    Handlers(#[from] Problems),
    #[error("auth.keys: {0}")]
    Key(#[from] KeyError),
    #[error("log.level: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error("{0}")]
    Listen(#[from] ListenError),
    #[error(transparent)]
    Pages(#[from] PagesError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    #[error(transparent)]
    Traces(#[from] TracesError),
    #[error("{0}")]
    Mongo(#[from] MongoError),
    #[error("the runtime for async tasks could not be started: {0}")]
    Runtime(io::Error),
    #[error("{name} could not be provided: {message}")]
    Provider { name: &'static str, message: String },
    #[error("{0}")]
    Config(#[from] ConfigErrors),
    /// What is wrong with one setting: place, key, problem.
    #[error("{0}")]
    Setting(String),
    #[error("{place}{section}.host: {address} is no address of this machine: {error}")]
    Host { place: String, section: &'static str, address: IpAddr, error: io::Error },
    /// What stands in the way, and what may be behind it.
    #[error("{0}\nnote: {1}")]
    Noted(Box<Obstacle>, String),
    #[error("{} problems\n{}", self.lines().len(), self.lines().join("\n"))]
    Several(Vec<Obstacle>),
}

impl Obstacle {
    /// Each problem by itself.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Config(errors) => errors.problems().iter().map(ToString::to_string).collect(),
            Self::Handlers(problems) => problems.iter().map(str::to_owned).collect(),
            Self::Several(all) => all.iter().flat_map(Self::lines).collect(),
            Self::Noted(obstacle, _) => obstacle.lines(),
            one => vec![one.to_string()],
        }
    }

    /// What an application wanted to provide, and could not.
    pub fn provider(name: &'static str, error: &Error) -> Self {
        Self::Provider { name, message: explain(error) }
    }
}

/// An error for the operator, who may know its cause. A message for clients is left out where it says nothing beside a cause.
pub(super) fn explain(error: &Error) -> String {
    let says_nothing = [Code::Internal, Code::Unavailable].iter().any(|code| error.message() == code.message());
    match error.cause().map(Causes) {
        Some(cause) if says_nothing => cause.to_string(),
        Some(cause) => format!("{}: {cause}", error.message()),
        None => error.message().to_owned(),
    }
}

/// The message, as `unwrap` in a test shows it.
impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
