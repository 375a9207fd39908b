//! The addresses that a server listens on.

use super::error::Obstacle;
use crate::{config::Config, http::ListenError, metrics::MetricsError};
use std::{
    io,
    net::{SocketAddr, TcpListener},
};

/// An address that a server listens on.
pub(super) struct Address {
    /// Who is served there.
    pub of: Listening,
    /// Host and port.
    pub at: SocketAddr,
}

/// What listens on an address.
#[derive(Debug, Clone, Copy)]
pub(super) enum Listening {
    /// The server, for its clients.
    Server,
    /// What shows metrics.
    Metrics,
}

impl Listening {
    /// Its name in what is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "address",
            Self::Metrics => "metrics",
        }
    }

    /// The table of its host and port.
    fn section(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Metrics => "metrics",
        }
    }
}

/// The addresses to listen on, without those whose settings are wrong.
pub(super) fn addresses(config: &Config) -> Vec<Address> {
    let (server, metrics) = (&config.settings().server, &config.settings().metrics);
    let server = Address { of: Listening::Server, at: SocketAddr::new(server.host, server.port) };
    let metrics =
        metrics.enabled.then(|| Address { of: Listening::Metrics, at: SocketAddr::new(metrics.host, metrics.port) });
    [server].into_iter().chain(metrics).filter(|found| !config.is_unsure(&found.host_key())).collect()
}

impl Address {
    /// The key of its host.
    fn host_key(&self) -> [&'static str; 2] {
        [self.of.section(), "host"]
    }

    /// Whether it is one of this machine. No port is taken but any free one, for a moment.
    pub fn check(&self, config: &Config) -> Result<(), Obstacle> {
        let host = self.at.ip();
        match TcpListener::bind(SocketAddr::new(host, 0)) {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => Err(Obstacle::Host {
                place: config.place(&self.host_key()),
                section: self.of.section(),
                address: host,
                error,
            }),
            // what else is wrong is found when it is listened on
            _ => Ok(()),
        }
    }

    /// Whether it can be listened on now. Takes its port for a moment.
    pub fn bind(&self) -> Result<(), Obstacle> {
        match (TcpListener::bind(self.at), self.of) {
            (Ok(_), _) => Ok(()),
            (Err(error), Listening::Server) => Err(ListenError::of(self.at, error).into()),
            (Err(error), Listening::Metrics) => Err(MetricsError::of(self.at, error).into()),
        }
    }
}
