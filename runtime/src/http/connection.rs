//! One connection: TLS where it is configured, then HTTP.

use super::{Service, clients::Seat, places::Place, read_ahead::ReadAhead, stall::StallGuard};
use crate::config::Server;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// What holds for every connection.
pub(super) struct Terms {
    /// Speaks TLS; `None` is plain HTTP.
    pub tls: Option<TlsAcceptor>,
    /// How long a client may take for the TLS handshake, and for the head of each request, the wait for it included.
    pub head: Duration,
    /// How long a client may leave unread what it is sent.
    pub stall: Duration,
}

impl Terms {
    /// What the settings say, with TLS or without.
    pub fn new(server: &Server, tls: Option<TlsAcceptor>) -> Arc<Self> {
        Arc::new(Self { tls, head: server.header_timeout, stall: server.write_stall_timeout })
    }
}

/// Serves until the connection ends, or has become a websocket's.
pub(super) async fn serve(tcp: TcpStream, peer: SocketAddr, place: Place, terms: Arc<Terms>, service: Service) {
    let stream: Box<dyn Duplex> = match &terms.tls {
        None => Box::new(tcp),
        Some(acceptor) => match timeout(terms.head, acceptor.accept(tcp)).await {
            Ok(Ok(tls)) => Box::new(tls),
            Ok(Err(error)) => return tracing::debug!(%peer, %error, "no TLS handshake"),
            Err(_) => return tracing::debug!(%peer, "the TLS handshake took longer than server.header_timeout"),
        },
    };
    serve_stream(stream, peer, Some(place), &terms, service).await;
}

/// Serves HTTP on a stream of any kind.
pub(super) async fn serve_stream(
    stream: Box<dyn Duplex>,
    peer: SocketAddr,
    place: Option<Place>,
    terms: &Terms,
    service: Service,
) {
    let seat = Seat::new(place);
    let stream = StallGuard::new(Connection { stream, _seat: seat.clone() }, terms.stall);
    let link = stream.link().clone();
    let stream = ReadAhead::new(stream);
    let service =
        hyper::service::service_fn(move |request| service.clone().serve(request, peer, link.clone(), seat.clone()));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(terms.head)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%peer, %error, "a connection ended with an error");
    }
}

/// A stream of bytes both ways.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

/// A connection with its places, which are free again when whoever has it last, a websocket perhaps, drops it.
struct Connection {
    stream: Box<dyn Duplex>,
    _seat: Seat,
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
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
