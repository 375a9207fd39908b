//! Accepts connections.

use super::{Service, stall::StallGuard};
use crate::config::Server;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{io, net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};

/// How long a client may take for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait when a connection cannot be accepted, most often for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The address an application listens on.
pub(crate) struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    stall: Duration,
}

impl Listener {
    /// Takes the address. Clients wait until [`serve`](Self::serve).
    pub async fn bind(server: &Server) -> Result<Self, (SocketAddr, io::Error)> {
        let address = SocketAddr::new(server.host, server.port);
        let tcp = TcpListener::bind(address).await.map_err(|error| (address, error))?;
        let address = tcp.local_addr().map_err(|error| (address, error))?;
        Ok(Self { tcp, address, stall: server.write_stall_timeout })
    }

    /// The address, with the port that was found for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts connections until it is dropped. Connections go on after that.
    pub async fn serve(self, service: Service) {
        loop {
            match self.tcp.accept().await {
                Ok((stream, peer)) => {
                    // packets are small and answers matter more than bandwidth; where it cannot be set, nothing breaks
                    let _ = stream.set_nodelay(true);
                    tokio::spawn(serve_connection(StallGuard::new(stream, self.stall), peer, service.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn serve_connection(stream: StallGuard<TcpStream>, peer: SocketAddr, service: Service) {
    let link = stream.link().clone();
    let service = hyper::service::service_fn(move |request| service.clone().serve(request, peer, link.clone()));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%peer, %error, "a connection ended with an error");
    }
}
