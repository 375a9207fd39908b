//! Why an application did not start.

use crate::{config::ConfigErrors, http::ListenError, mongo::MongoError, registry::Problems};
use std::io;

/// Why an application did not start.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error(transparent)]
    Handlers(#[from] Problems),
    #[error("auth: {0}")]
    Key(#[from] crate::auth::KeyError),
    #[error("log.level: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error("{0}")]
    Listen(#[from] ListenError),
    #[error("{0}")]
    Mongo(#[from] MongoError),
    #[error("the runtime for async tasks could not be started: {0}")]
    Runtime(io::Error),
    #[error("{name} could not be provided: {message}")]
    Provider { name: &'static str, message: String },
    #[error("{0}")]
    Config(#[from] ConfigErrors),
}
