//! Connections inside this process.

use super::{Service, connection::serve_stream, serve::Serve};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::{
    io::{DuplexStream, duplex},
    runtime::Handle,
    sync::watch,
};

/// Bytes that may be on the way in each direction, as in the buffers of a socket.
const BUFFER: usize = 64 * 1024;

/// Connections inside this process. They end with it.
pub(crate) struct InMemory {
    service: Service,
    runtime: Handle,
    /// Connections end when it is dropped.
    end: watch::Sender<()>,
}

impl InMemory {
    /// The address of everybody who comes this way.
    pub const ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    /// Serves on the present runtime, without TLS.
    pub fn new(service: Service) -> Self {
        let (end, _) = watch::channel(());
        Self { service, runtime: Handle::current(), end }
    }

    /// The runtime that serves.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// A new connection: the client's end of it.
    pub fn open(&self) -> DuplexStream {
        let (client, server) = duplex(BUFFER);
        let (terms, service, mut end) = (self.service.terms(), self.service.clone(), self.end.subscribe());
        self.runtime.spawn(async move {
            tokio::select! {
                () = serve_stream(Box::new(server), Self::ADDRESS, None, &terms, service) => {}
                _ = end.changed() => {}
            }
        });
        client
    }
}
