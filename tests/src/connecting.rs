//! The beginning of a Socket.IO connection.

use crate::{Socket, driver::Driver, failure::Place, failure::fail};
use futures_util::future::{BoxFuture, FutureExt};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{future::IntoFuture, sync::Arc};

/// What carries a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A websocket from the start.
    Websocket,
    /// HTTP long polling only.
    Polling,
    /// Polling first and then a websocket, as browsers do.
    Upgrade,
}

impl Transport {
    /// The two that stay what they are.
    pub const BOTH: [Self; 2] = [Self::Websocket, Self::Polling];

    fn name(self) -> &'static str {
        match self {
            Self::Websocket => "websocket",
            Self::Polling => "polling",
            Self::Upgrade => "upgrade",
        }
    }
}

/// A connection that is about to be opened. Await it, or expect it to be [refused](Self::refused).
#[derive(Debug)]
#[must_use = "nothing is opened until this is awaited"]
pub struct Connecting {
    driver: Arc<Driver>,
    namespace: String,
    command: Value,
    place: Place,
}

/// Why a server refused a connection: what `connect_error` carries.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub struct Refusal {
    /// The error's message.
    pub message: String,
    /// The error's data.
    pub data: Value,
}

#[derive(Deserialize)]
struct Opened {
    socket: u64,
    refused: Option<Refusal>,
}

impl Connecting {
    pub(crate) fn new(driver: Arc<Driver>, client: &str, url: &str, namespace: &str, place: Place) -> Self {
        let transport = Transport::Websocket.name();
        let command = json!({ "client": client, "url": url, "namespace": namespace, "transport": transport });
        Self { driver, namespace: namespace.to_owned(), command, place }
    }

    fn with(mut self, option: &str, value: Value) -> Self {
        self.command[option] = value;
        self
    }

    /// What carries the connection.
    pub fn over(self, transport: Transport) -> Self {
        self.with("transport", transport.name().into())
    }

    /// The client's `auth`.
    pub fn auth(self, auth: Value) -> Self {
        self.with("auth", auth)
    }

    /// More headers, as an object.
    pub fn headers(self, headers: Value) -> Self {
        self.with("headers", headers)
    }

    /// The client's `query`.
    pub fn query(self, query: Value) -> Self {
        self.with("query", query)
    }

    /// Comes back by itself when the connection breaks.
    pub fn reconnecting(self) -> Self {
        self.with("reconnects", true.into())
    }

    /// Shares the connection of this socket.
    pub fn beside(self, socket: &Socket) -> Self {
        self.with("beside", socket.number().into())
    }

    /// Emits these events before the server has answered: `[[event, [argument, …]], …]`.
    pub fn emitting(self, events: Value) -> Self {
        self.with("emits", events)
    }

    /// Expects the server to refuse.
    pub async fn refused(self) -> Refusal {
        let (place, namespace) = (self.place, self.namespace.clone());
        match self.open().await {
            Err(refusal) => refusal,
            Ok(_) => fail(place, format!("the server let the client into {namespace}")),
        }
    }

    /// Opens it, or says why the server refused: for who expects the one or the other.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn open(self) -> Result<Socket, Refusal> {
        let opened = self.driver.command("connect", self.command).await;
        let opened = opened.unwrap_or_else(|error| fail(self.place, format!("{}: {error}", self.namespace)));
        let opened: Opened = serde_json::from_value(opened).unwrap_or_else(|error| fail(self.place, error.to_string()));
        opened.refused.map_or(Ok(Socket::new(self.driver, opened.socket)), Err)
    }
}

impl IntoFuture for Connecting {
    type Output = Socket;
    type IntoFuture = BoxFuture<'static, Socket>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let (place, namespace) = (self.place, self.namespace.clone());
            self.open().await.unwrap_or_else(|refusal| fail(place, format!("{namespace} refused: {refusal:?}")))
        }
        .boxed()
    }
}
