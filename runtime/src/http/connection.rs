//! One connection: TLS where it is configured, then HTTP.

use super::{clients::Seat, places::Place, read_ahead::ReadAhead, serve::Serve, stall::StallGuard};
use crate::{
    config::Server,
    metrics::{NetworkMetrics, Refused},
};
use hyper::{
    Request,
    body::{Body, Incoming},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// What holds for a connection, from its beginning to its end.
#[derive(Clone)]
pub(crate) struct Terms {
    /// Speaks TLS; `None` is plain HTTP.
    pub tls: Option<TlsAcceptor>,
    /// How long a client may take for the TLS handshake, and for the head of each request, the wait for it included.
    pub head: Duration,
    /// How long a client may leave unread what it is sent.
    pub stall: Duration,
    pub metrics: NetworkMetrics,
}

impl Terms {
    /// What the settings say, with TLS or without.
    pub fn new(server: &Server, tls: Option<TlsAcceptor>, metrics: NetworkMetrics) -> Self {
        Self { tls, head: server.header_timeout, stall: server.write_stall_timeout, metrics }
    }
}

/// Serves until the connection ends, or has become a websocket's.
pub(super) async fn serve(tcp: TcpStream, peer: SocketAddr, place: Place, terms: Terms, service: impl Serve) {
    let stream: Box<dyn Duplex> = match &terms.tls {
        None => Box::new(tcp),
        Some(acceptor) => match timeout(terms.head, acceptor.accept(tcp)).await {
            Ok(Ok(tls)) => Box::new(tls),
            Ok(Err(error)) => {
                Refused::Tls.count();
                return tracing::debug!(%peer, %error, "no TLS handshake");
            }
            Err(_) => {
                Refused::TlsTimeout.count();
                return tracing::debug!(%peer, "the TLS handshake took longer than server.header_timeout");
            }
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
    service: impl Serve,
) {
    let seat = Seat::new(place);
    let stream = StallGuard::new(terms.metrics.meter(stream, seat.clone()), terms.stall);
    let link = stream.link().clone();
    let stream = ReadAhead::new(stream);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        link.request_begins(!request.body().is_end_stream());
        service.clone().serve(request, peer, link.clone(), seat.clone())
    });
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
