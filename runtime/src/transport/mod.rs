//! Where packets come in: Socket.IO namespaces on socketioxide.
//!
//! - `gate`: lets a client into a namespace, before CONNECT is answered.
//! - `unknown`: turns away who asks for a namespace that there is not.
//! - `inbound`: takes each event, in arrival order, into the socket's queue.
//! - `departure`: notices that a client is gone, whatever ended the connection.
//! - `engine`: the Engine.IO settings.
//! - `sessions`: the Engine.IO sessions: who is there, and which websockets polling clients moved to.
//! - `session`: one of them: what waits for its client, and how it is ended.
//! - `backlog`: what waits for all clients together, and how it is kept below a limit.
//! - `network`: what counts as one client's address.
//! - `head`: what is kept of the request that opened a session.
//! - `link`: one network connection, as seen by those who do not own its stream.
//! - `closing`: closes every connection and every namespace.
//!
//! Outside this folder socketioxide's types appear only where something is sent ([`emit`](crate::emit), acknowledgements)
//! and where a packet is decoded.

mod backlog;
mod closing;
mod departure;
pub(crate) mod engine;
mod gate;
mod head;
pub(crate) mod inbound;
mod link;
mod namespace;
mod network;
mod session;
mod sessions;
mod unknown;

use backlog::{Backlog, Share};
pub(crate) use closing::close;
pub use departure::DisconnectReason;
pub(crate) use head::Head;
pub(crate) use link::{Half, Link};
pub(crate) use namespace::Namespace;
pub(crate) use network::network;
pub(crate) use session::Session;
pub(crate) use sessions::Sessions;

use crate::app::AppState;
use socketioxide::adapter::LocalAdapter;
use std::sync::Arc;

/// The transport's socket.
pub(crate) type RawSocket = socketioxide::socket::Socket<LocalAdapter>;

/// Opens every namespace of the registry, and turns away who asks for another.
pub(crate) fn open_namespaces(app: &Arc<AppState>) {
    for entry in app.present.namespaces() {
        let namespace = Arc::new(Namespace::new(app.clone(), entry.clone()));
        app.sender.io().ns(namespace.path().to_owned(), gate::Gate::new(namespace));
    }
    unknown::turn_away(app);
}

/// Runs the disconnect handlers of everybody who is connected, because the server stops.
pub(crate) fn say_goodbye(app: &AppState) {
    for socket in app.sender.everybody() {
        socket.connection().depart(|| {}, DisconnectReason::ServerShuttingDown);
    }
}
