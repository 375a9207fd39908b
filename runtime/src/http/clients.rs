//! Who sends a request, and whether there is room for them.
//!
//! Connections are counted when they are accepted. That is not enough in two cases, in which a client takes a place of
//! its own: a session that polls needs no connection of its own, and behind a proxy connections do not tell whose
//! they are.
//!
//! A session's place is taken as long as Socket.IO keeps the session. One that never enters a namespace is kept until
//! `socketio.connect_timeout`, even when its connection was closed before.

use super::{
    descriptors,
    places::{Full, Place, Places},
    proxies::{Origin, TrustedProxies},
    purpose::Purpose,
};
use crate::{
    config::{Server, Settings},
    error::{Code, Error},
    metrics::NetworkMetrics,
};
use axum::extract::{ConnectInfo, Request};
use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// When a client that found no room may try again.
const RETRY: Duration = Duration::from_secs(5);

/// Clients, directly or behind proxies.
pub(crate) struct Clients {
    /// Of connections, as they are accepted.
    connections: Places,
    places: Places,
    network: NetworkMetrics,
}

/// The places that a connection has, for as long as it lives.
#[derive(Debug, Clone)]
pub(crate) struct Seat(Arc<Seats>);

#[derive(Debug)]
struct Seats {
    /// Of the connection; `None` inside this process.
    connection: Option<Arc<Place>>,
    /// Of the client whose websocket a proxy's connection has become.
    client: Mutex<Option<Arc<Place>>>,
}

/// In the extensions of a request, so that the place is taken for as long as the request is kept: by a handler until it is
/// done, by Socket.IO until the session's end.
#[derive(Clone)]
struct Held(#[expect(dead_code, reason = "it is held, not read")] Arc<Place>);

impl Seat {
    /// Of a connection that was let in.
    pub(super) fn new(place: Option<Place>) -> Self {
        Self(Arc::new(Seats { connection: place.map(Arc::new), client: Mutex::default() }))
    }
}

impl Clients {
    pub fn new(server: &Server) -> Self {
        Self {
            connections: Places::new("connection", server),
            places: Places::new("client", server),
            network: NetworkMetrics::new(),
        }
    }

    /// What is counted of connections.
    pub(super) fn network(&self) -> &NetworkMetrics {
        &self.network
    }

    /// The limits of these settings hold from now on, and those of this process for connections. Who is here stays.
    pub fn apply(&self, settings: &Settings) {
        self.connections.apply(&settings.server, descriptors::provide_for(settings));
        self.places.apply(&settings.server, u32::MAX);
    }

    /// How many connections may be open.
    pub fn limit(&self) -> usize {
        self.connections.limit()
    }

    /// A place for a connection of this peer.
    pub(super) fn place_for(&self, peer: IpAddr, proxies: &TrustedProxies) -> Result<Place, Full> {
        // behind a proxy are many clients; they are counted by their own addresses, request by request
        self.connections.take((!proxies.trust(peer)).then_some(peer))
    }

    /// Writes the client's address into a request of `peer`: that of the peer, or the one a trusted proxy names.
    ///
    /// # Errors
    /// `overloaded` where the client needs a place and there is none.
    pub(super) fn admit(
        &self,
        request: &mut Request,
        proxies: &TrustedProxies,
        purpose: Purpose,
        peer: SocketAddr,
        seat: &Seat,
    ) -> Result<(), Error> {
        let origin = proxies.origin(peer, request.headers());
        let client = if let Origin::Client(client) = origin { client } else { peer };
        request.extensions_mut().insert(ConnectInfo(client));
        let by_proxy = proxies.trust(peer.ip());
        match purpose {
            Purpose::Session(_) => return Ok(()),
            Purpose::Route if !by_proxy => return Ok(()),
            // it has the connection's place, beyond the connection's end where the session lives longer
            Purpose::OpenWebsocket if !by_proxy => {
                if let Some(place) = &seat.0.connection {
                    request.extensions_mut().insert(Held(place.clone()));
                }
                return Ok(());
            }
            _ => {}
        }
        // a proxy that names nobody speaks for itself
        let counted = (!by_proxy || origin != Origin::Peer).then_some(client.ip());
        let place = Arc::new(self.places.take(counted).map_err(refused)?);
        if purpose == Purpose::OpenWebsocket {
            *seat.0.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(place.clone());
        }
        request.extensions_mut().insert(Held(place));
        Ok(())
    }
}

fn refused(full: Full) -> Error {
    let problem = match full {
        Full::Server => "the server has no room for more clients, try again later",
        Full::Address => "too many clients at this address, try again later",
    };
    Error::new(Code::Overloaded).with_message(problem).with_retry_after(RETRY)
}
