//! What takes connections and answers their requests.

use super::{
    clients::Seat,
    connection::Terms,
    places::{Full, Place},
};
use crate::transport::Link;
use axum::response::Response;
use hyper::{Request, body::Incoming};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// What takes connections and answers their requests. A clone answers one request.
pub(crate) trait Serve: Clone + Send + 'static {
    /// What holds for connections that come now.
    fn terms(&self) -> Terms;

    /// A place for a connection of this peer.
    fn place_for(&self, peer: IpAddr) -> Result<Place, Full>;

    /// Answers a request of `peer` that came over `link`. A websocket behind a proxy takes its connection's `seat`.
    fn serve(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
        link: Arc<Link>,
        seat: Seat,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send;
}
