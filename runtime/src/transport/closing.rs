//! Closes every connection and every namespace.

use crate::app::AppState;
use socketioxide::{adapter::LocalAdapter, extract::SocketRef, operators::BroadcastOperators};

/// Closes the connections of everybody who is in a namespace, and all namespaces: nobody gets in any more. Handlers have
/// to be told before.
///
/// Ends when the connections are closed. Dropped before that, it closes them all the same, without waiting.
pub(crate) async fn close(app: &AppState) {
    app.work.close();
    let io = app.sender.io();
    let registry = app.registry();
    let namespaces = registry.namespaces().iter().filter_map(|entry| io.of(entry.path));
    let _sockets = Sockets(namespaces.flat_map(BroadcastOperators::sockets).collect());
    io.close().await;
}

/// The sockets of a transport that is being closed. The transport closes their connections, but keeps them, and they keep
/// their namespace and the application; so they are taken out here.
struct Sockets(Vec<SocketRef<LocalAdapter>>);

impl Drop for Sockets {
    fn drop(&mut self) {
        for socket in self.0.drain(..) {
            // an error means a client that does not read, and of which its connection's end will be the end
            let _ = socket.disconnect();
        }
    }
}
