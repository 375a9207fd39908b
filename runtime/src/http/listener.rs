//! Accepts connections.

use super::{
    Service,
    connection::{self, Terms},
    descriptors,
    places::Places,
    proxies::TrustedProxies,
    shortage::Shortage,
    tls::{self, TlsError},
};
use crate::config::Server;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::Instant,
};

/// How long to wait when no connection can be accepted, most often for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The address an application listens on.
pub(crate) struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    terms: Arc<Terms>,
    places: Places,
    proxies: TrustedProxies,
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

impl Listener {
    /// Takes the address. Clients wait until [`serve`](Self::serve).
    pub async fn bind(server: &Server) -> Result<Self, ListenError> {
        let tls = server.tls.as_ref().map(tls::acceptor).transpose()?;
        let address = SocketAddr::new(server.host, server.port);
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => ListenError::InUse(address),
            _ => ListenError::Address(address, error),
        };
        let tcp = TcpListener::bind(address).await.map_err(failed)?;
        let address = tcp.local_addr().map_err(failed)?;
        descriptors::provide_for(server.max_connections);
        Ok(Self {
            tcp,
            address,
            terms: Terms::new(server, tls),
            places: Places::new("connection", server),
            proxies: TrustedProxies::new(server),
        })
    }

    /// The address, with the port that was found for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts connections until it is dropped. Connections go on after that.
    pub async fn serve(self, service: Service) {
        let mut shortage = Shortage::default();
        loop {
            match self.tcp.accept().await {
                Ok((stream, peer)) => {
                    shortage.accepted(Instant::now());
                    self.admit(stream, peer, &service);
                }
                Err(error) if is_of_one_connection(&error) => {
                    tracing::debug!(%error, "a client left before its connection was accepted");
                }
                Err(error) => {
                    shortage.failed(&error, Instant::now());
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Serves the connection, or closes it at once where there is no room: a client that knows tries again.
    fn admit(&self, stream: TcpStream, peer: SocketAddr, service: &Service) {
        // behind a proxy are many clients; they are counted by their own addresses, request by request
        let counted = (!self.proxies.trust(peer.ip())).then_some(peer.ip());
        let Ok(place) = self.places.take(counted) else { return };
        // packets are small and answers matter more than bandwidth; where it cannot be set, nothing breaks
        let _ = stream.set_nodelay(true);
        tokio::spawn(connection::serve(stream, peer, place, self.terms.clone(), service.clone()));
    }
}

/// Whether only the connection that was about to be accepted failed (accept(2), "Error handling").
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
