//! Clients that several sections look at.

use super::looks::{before, guest, told};
use lambdio_tests::{Server, Socket};
use serde_json::{Value, json};

/// Somebody new, in a namespace.
pub(super) async fn newcomer(server: &Server, namespace: &str) -> Socket {
    guest(server).await.connect(namespace).await
}

/// How often an event without arguments is served before it is too often.
pub(super) async fn served(socket: &Socket, event: &str) -> String {
    before("rate_limited", async || told(&socket.ask(event, json!([])).await)).await
}

/// The status with which a page of this origin opens a session.
pub(super) async fn status_for_a_page_of(origin: &str, server: &Server) -> String {
    let page = guest(server).await;
    page.get("/socket.io/?EIO=4&transport=polling").header("origin", origin).await.status.to_string()
}

/// An event of `/sending` asks its client a question, which the client leaves open: the deadline of one of them ends it.
pub(super) async fn what_ends_first(server: &Server, event: &str, args: Value) -> String {
    match newcomer(server, "/sending").await.ask(event, args).await {
        answer if answer == "timeout" => "the question ends first".to_owned(),
        error if error["error"]["code"] == "timeout" => "the event ends first".to_owned(),
        other => other.to_string(),
    }
}
