//! Why an application did not start.

use crate::{config::ConfigErrors, mongo::MongoError, registry::Problems};
use std::{io, net::SocketAddr};

/// Why an application did not start.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error(transparent)]
    Handlers(#[from] Problems),
    #[error("auth: {0}")]
    Key(#[from] crate::auth::KeyError),
    #[error("log.level: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error(
        "server.port: {0} is in use by another program. Stop it, or choose another port: server.port in the \
         configuration, or LAMBDIO__SERVER__PORT"
    )]
    PortInUse(SocketAddr),
    #[error("server: cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("{0}")]
    Mongo(#[from] MongoError),
    #[error("the runtime for async tasks could not be started: {0}")]
    Runtime(io::Error),
    #[error("{name} could not be provided: {message}")]
    Provider { name: &'static str, message: String },
    #[error("{0}")]
    Config(#[from] ConfigErrors),
}
