//! What clients are told while the application starts.

use super::{
    clients::{Clients, Seat},
    connection::Terms,
    places::{Full, Place},
    proxies::TrustedProxies,
    routes::respond,
    serve::Serve,
    service::trust_content_type,
};
use crate::{
    config::Server,
    dispatch::InvocationId,
    error::{Code, Error},
    health::HealthAnswers,
    transport::Link,
};
use axum::response::Response;
use http::{HeaderValue, header::CONNECTION};
use hyper::{Request, body::Incoming};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio_rustls::TlsAcceptor;

/// When a client may try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Answers while the application starts: whether it lives and is ready, and `unavailable` to everything else. Connections end
/// with the answer, so that the next request finds the application.
#[derive(Clone)]
pub(crate) struct Starting {
    health: Option<HealthAnswers>,
    room: Arc<Room>,
}

/// Who is let in, and how.
struct Room {
    clients: Arc<Clients>,
    proxies: TrustedProxies,
    terms: Terms,
}

impl Starting {
    /// With the health endpoints, where the public may see them. `clients` counts those that are served later as well.
    pub fn new(
        health: Option<HealthAnswers>,
        clients: Arc<Clients>,
        server: &Server,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let terms = Terms::new(server, tls, clients.network().clone());
        Self { health, room: Arc::new(Room { clients, proxies: TrustedProxies::new(server), terms }) }
    }

    fn answer(&self, request: &Request<Incoming>) -> Response {
        let health = self.health.as_ref().and_then(|health| health.answer(request.method(), request.uri().path()));
        health.unwrap_or_else(|| {
            let error = Error::new(Code::Unavailable).with_message("the server starts, try again soon");
            respond(&error.with_retry_after(RETRY_AFTER), InvocationId::next())
        })
    }
}

impl Serve for Starting {
    fn terms(&self) -> Terms {
        self.room.terms.clone()
    }

    fn place_for(&self, peer: IpAddr) -> Result<Place, Full> {
        self.room.clients.place_for(peer, &self.room.proxies)
    }

    async fn serve(
        self,
        request: Request<Incoming>,
        _: SocketAddr,
        _: Arc<Link>,
        _: Seat,
    ) -> Result<Response, Infallible> {
        let mut response = self.answer(&request);
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        trust_content_type(&mut response);
        Ok(response)
    }
}
