//! Why an application did not start.

use crate::{
    auth::KeyError,
    config::ConfigErrors,
    error::{Code, Error},
    http::{ListenError, PagesError},
    mongo::MongoError,
    registry::Problems,
};
use std::{fmt, io};

/// Why an application did not start, in words for a person: what is wrong, where, and what would be right.
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct StartError(#[from] Obstacle);

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
pub(super) enum Obstacle {
    #[error(transparent)]
    Handlers(#[from] Problems),
    #[error("auth: {0}")]
    Key(#[from] KeyError),
    #[error("log.level: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error("{0}")]
    Listen(#[from] ListenError),
    #[error(transparent)]
    Pages(#[from] PagesError),
    #[error("{0}")]
    Mongo(#[from] MongoError),
    #[error("the runtime for async tasks could not be started: {0}")]
    Runtime(io::Error),
    #[error("{name} could not be provided: {message}")]
    Provider { name: &'static str, message: String },
    #[error("{0}")]
    Config(#[from] ConfigErrors),
}

impl Obstacle {
    /// What an application wanted to provide, and could not. A message for clients is left out where there is a cause.
    pub fn provider(name: &'static str, error: &Error) -> Self {
        let says_nothing = [Code::Internal, Code::Unavailable].iter().any(|code| error.message() == code.message());
        let message = match error.cause() {
            Some(cause) if says_nothing => cause.to_string(),
            Some(cause) => format!("{}: {cause}", error.message()),
            None => error.message().to_owned(),
        };
        Self::Provider { name, message }
    }
}

/// The message, as `unwrap` in a test shows it.
impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
