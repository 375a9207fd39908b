//! What is counted of connections.

use super::catalogue::{
    NETWORK_ACCEPT_ERRORS, NETWORK_ACCEPTED, NETWORK_CONNECTIONS, NETWORK_RECEIVED, NETWORK_REFUSED, NETWORK_SENT,
};
use metrics::{Counter, Gauge};
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is counted of the connections of a listener.
#[derive(Clone)]
pub(crate) struct NetworkMetrics(Arc<Counters>);

struct Counters {
    open: Gauge,
    accepted: Counter,
    accept_errors: Counter,
    received: Counter,
    sent: Counter,
}

/// Why a connection, or a client behind a proxy, was refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refused {
    /// `server.max_connections` are there.
    Connections,
    /// `server.max_connections_per_address` are there from this address.
    PerAddress,
    /// The TLS handshake failed.
    Tls,
    /// The TLS handshake took longer than `server.header_timeout`.
    TlsTimeout,
}

impl Refused {
    const ALL: [Self; 4] = [Self::Connections, Self::PerAddress, Self::Tls, Self::TlsTimeout];

    /// Counts one.
    pub fn count(self) {
        self.counter().increment(1);
    }

    fn counter(self) -> Counter {
        let reason = match self {
            Self::Connections => "max_connections",
            Self::PerAddress => "max_connections_per_address",
            Self::Tls => "tls",
            Self::TlsTimeout => "tls_timeout",
        };
        metrics::counter!(NETWORK_REFUSED, "reason" => reason)
    }
}

impl NetworkMetrics {
    pub fn new() -> Self {
        // there from the beginning: an alert compares with zero, not with nothing
        for reason in Refused::ALL {
            reason.counter().absolute(0);
        }
        Self(Arc::new(Counters {
            open: metrics::gauge!(NETWORK_CONNECTIONS),
            accepted: metrics::counter!(NETWORK_ACCEPTED),
            accept_errors: metrics::counter!(NETWORK_ACCEPT_ERRORS),
            received: metrics::counter!(NETWORK_RECEIVED),
            sent: metrics::counter!(NETWORK_SENT),
        }))
    }

    /// An attempt to accept a connection failed.
    pub fn accept_failed(&self) {
        self.0.accept_errors.increment(1);
    }

    /// A connection was accepted: what goes through `stream` is counted, and the connection until it is dropped. `seat` is
    /// what the connection holds until then.
    pub fn meter<S, H>(&self, stream: S, seat: H) -> Metered<S, H> {
        self.0.accepted.increment(1);
        self.0.open.increment(1);
        Metered { stream, network: self.clone(), _seat: seat }
    }
}

/// A stream whose bytes are counted, with what its connection holds: free again when whoever has the stream last, a
/// websocket perhaps, drops it.
pub(crate) struct Metered<S, H> {
    stream: S,
    network: NetworkMetrics,
    _seat: H,
}

impl<S, H> Metered<S, H> {
    fn count(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.network.0.sent.increment(bytes as u64);
        }
        written
    }
}

impl<S, H> Drop for Metered<S, H> {
    fn drop(&mut self) {
        self.network.0.open.decrement(1);
    }
}

impl<S: AsyncRead + Unpin, H: Unpin> AsyncRead for Metered<S, H> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let progress = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let bytes = buffer.filled().len().saturating_sub(before);
        if bytes > 0 {
            self.network.0.received.increment(bytes as u64);
        }
        progress
    }
}

impl<S: AsyncWrite + Unpin, H: Unpin> AsyncWrite for Metered<S, H> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.count(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.count(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
