//! Accepts connections.

use super::{
    connection,
    serve::Serve,
    shortage::Shortage,
    tls::{self, TlsError},
};
use crate::config::Server;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::Instant,
};
use tokio_rustls::TlsAcceptor;

/// How long to wait when no connection can be accepted, most often for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The address an application listens on.
pub(crate) struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

/// Why an application does not listen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    #[error(
        "server.port: {0} is in use by another program. Stop it, or choose another port: server.port in the \
         configuration, or LAMBDIO__SERVER__PORT"
    )]
    InUse(SocketAddr),
    #[error("server: cannot listen on {0}: {1}")]
    Address(SocketAddr, io::Error),
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl ListenError {
    /// Why this address could not be taken.
    pub fn of(address: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::InUse(address),
            _ => Self::Address(address, error),
        }
    }
}

impl Listener {
    /// Takes the address. Clients wait until [`serve`](Self::serve).
    pub async fn bind(server: &Server) -> Result<Self, ListenError> {
        let tls = server.tls.as_ref().map(tls::acceptor).transpose()?;
        let address = SocketAddr::new(server.host, server.port);
        let failed = |error: io::Error| ListenError::of(address, error);
        let tcp = TcpListener::bind(address).await.map_err(failed)?;
        let address = tcp.local_addr().map_err(failed)?;
        Ok(Self { tcp, address, tls })
    }

    /// The address, with the port that was found for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What connections are encrypted with in the beginning; `None` is plain HTTP.
    pub fn tls(&self) -> Option<TlsAcceptor> {
        self.tls.clone()
    }

    /// Accepts connections until it is dropped. Connections go on after that.
    pub async fn serve(&self, service: impl Serve) {
        let mut shortage = Shortage::default();
        loop {
            match self.tcp.accept().await {
                Ok((stream, peer)) => {
                    shortage.accepted(Instant::now());
                    admit(stream, canonical(peer), &service);
                }
                Err(error) if is_of_one_connection(&error) => {
                    tracing::debug!(%error, "a client left before its connection was accepted");
                }
                Err(error) => {
                    service.terms().metrics.accept_failed();
                    shortage.failed(&error, Instant::now());
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// A client of IPv4 by its own address, where a listener of both calls it `::ffff:192.0.2.1`: the log, handlers and limits know
/// one address of it.
fn canonical(peer: SocketAddr) -> SocketAddr {
    match peer.ip().to_canonical() {
        address @ IpAddr::V4(_) => SocketAddr::new(address, peer.port()),
        // with its zone, where it has one
        IpAddr::V6(_) => peer,
    }
}

/// Serves the connection, or closes it at once where there is no room: a client that knows tries again.
fn admit(stream: TcpStream, peer: SocketAddr, service: &impl Serve) {
    let Ok(place) = service.place_for(peer.ip()) else { return };
    // packets are small and answers matter more than bandwidth; where it cannot be set, nothing breaks
    let _ = stream.set_nodelay(true);
    tokio::spawn(connection::serve(stream, peer, place, service.terms(), service.clone()));
}

/// Whether only the connection that was about to be accepted failed (accept(2), "Error handling").
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn a_client_of_ipv4_has_one_address() {
        for (accepted, known) in [
            ("[::ffff:192.0.2.1]:4711", "192.0.2.1:4711"),
            ("192.0.2.1:4711", "192.0.2.1:4711"),
            ("[2001:db8::1]:4711", "[2001:db8::1]:4711"),
            ("[fe80::1%2]:4711", "[fe80::1%2]:4711"),
        ] {
            assert_eq!(canonical(accepted.parse().unwrap()).to_string(), known);
        }
    }
}
