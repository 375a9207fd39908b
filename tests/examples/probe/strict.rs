//! A namespace that puts some clients out again, in `/strict`.

use crate::life::{ClientName, Journal, Query};
use lambdio::prelude::*;
use std::time::Duration;

/// Whoever calls themselves mallory is put out, after a while in which they can send.
#[connect(namespace = "/strict")]
async fn check(HandshakeQuery(query): HandshakeQuery<Query>) -> Result<(), lambdio::Error> {
    if query.client != "mallory" {
        return Ok(());
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    Err(Code::Forbidden.into())
}

#[handler(namespace = "/strict", event = "secret")]
async fn secret() -> String {
    "the secret".to_owned()
}

/// Takes a refused client out before it is in.
#[middleware(connect, namespace = "/strict")]
async fn put_out(socket: Socket, HandshakeQuery(query): HandshakeQuery<Query>) {
    if query.client == "eve" {
        socket.disconnect();
    }
}

/// Knows who has left from the request that opened the connection.
#[disconnect(namespace = "/strict")]
async fn depart(HandshakeQuery(query): HandshakeQuery<Query>, journal: Provided<Journal>) {
    journal.write(&ClientName(query.client), "left".to_owned(), vec![]);
}
