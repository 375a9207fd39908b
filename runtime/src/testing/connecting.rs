//! What a client brings when it comes.

use super::{
    Client, ClientError,
    link::WebSocket,
    packet::{Packet, head},
};
use futures_util::{FutureExt, SinkExt, StreamExt, future::BoxFuture};
use http::{HeaderName, HeaderValue, Uri};
use serde::Serialize;
use serde_json::Value;
use std::{future::IntoFuture, time::Duration};
use tokio::{io::DuplexStream, time::timeout};
use tokio_tungstenite::{
    client_async,
    tungstenite::{ClientRequestBuilder, Message},
};

/// How long a client waits for anything, where the test does not say.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A client that is about to enter a namespace, over a websocket. Await it.
///
/// ```standalone_crate
/// # use lambdio::prelude::*;
/// # #[handler(event = "hi")]
/// # async fn hi() {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let app = lambdio::App::new().in_process([""; 0]).await?;
/// let auth = serde_json::json!({"token": "secret"});
/// let ada = app.client("/").auth(&auth).header("accept-language", "en").query("room=1").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a client comes when this is awaited"]
pub struct Connecting {
    stream: DuplexStream,
    path: String,
    namespace: String,
    auth: Result<Option<Value>, String>,
    headers: Vec<(String, String)>,
    query: String,
    patience: Duration,
}

impl Connecting {
    pub(crate) fn new(stream: DuplexStream, path: &str, namespace: &str) -> Self {
        Self {
            stream,
            path: path.trim_end_matches('/').to_owned(),
            namespace: namespace.to_owned(),
            auth: Ok(None),
            headers: Vec::new(),
            query: String::new(),
            patience: PATIENCE,
        }
    }

    /// What the client gives as `auth`: an object, such as `{"token": …}`.
    pub fn auth(mut self, auth: &impl Serialize) -> Self {
        self.auth = serde_json::to_value(auth).map(Some).map_err(|error| error.to_string());
        self
    }

    /// A header of the first request, such as `cookie`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// More of the query: `room=1&name=ada`, encoded as in a URL.
    pub fn query(mut self, query: &str) -> Self {
        self.query.push('&');
        self.query.push_str(query);
        self
    }

    /// How long this client waits, for the namespace to let it in and then for everything else. The default is ten seconds.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    async fn enter(self) -> Result<Client, ClientError> {
        let (namespace, patience) = (self.namespace.clone(), self.patience);
        let late = ClientError::NotConnected(format!("{namespace} did not answer within {patience:?}"));
        timeout(patience, self.try_enter()).await.unwrap_or(Err(late))
    }

    async fn try_enter(self) -> Result<Client, ClientError> {
        let Self { stream, path, namespace, auth, headers, query, patience } = self;
        let wrong = |what: &str, error: String| ClientError::Shape { what: what.to_owned(), error };
        let auth = auth.map_err(|error| wrong("auth", error))?;
        let uri = format!("ws://localhost{path}/?EIO=4&transport=websocket{query}");
        let uri: Uri = uri.parse().map_err(|error: http::uri::InvalidUri| wrong("the query", error.to_string()))?;
        let mut request = ClientRequestBuilder::new(uri);
        for (name, value) in headers {
            // checked here, because later it would be said of no header in particular
            HeaderName::try_from(&name).map_err(|error| wrong(&name, error.to_string()))?;
            HeaderValue::try_from(&value).map_err(|error| wrong(&name, error.to_string()))?;
            request = request.with_header(name, value);
        }
        let opened = client_async(request, stream).await;
        let (mut socket, _) = opened.map_err(|error| ClientError::NotConnected(error.to_string()))?;
        let auth = auth.map(|auth| auth.to_string()).unwrap_or_default();
        let connect = Message::text(format!("{}{auth}", head(0, &namespace, None)));
        socket.send(connect).await.map_err(|error| ClientError::NotConnected(error.to_string()))?;
        match answer(&mut socket, &namespace).await? {
            Packet::Connected => Ok(Client::new(socket, namespace, patience)),
            Packet::Refused(code) => Err(ClientError::NotLetIn { namespace, code }),
            packet => Err(ClientError::NotConnected(format!("the server began with {packet:?}"))),
        }
    }
}

/// The first packet of Socket.IO.
async fn answer(socket: &mut WebSocket, namespace: &str) -> Result<Packet, ClientError> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) if text.starts_with('4') => {
                return Packet::parse(&text, namespace).map_err(ClientError::NotConnected);
            }
            Some(Ok(Message::Text(text))) if text.as_str() == "2" => {
                let pong = socket.send(Message::text("3")).await;
                pong.map_err(|error| ClientError::NotConnected(error.to_string()))?;
            }
            Some(Ok(Message::Close(_))) | None => {
                return Err(ClientError::NotConnected("the server closed the websocket".to_owned()));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(ClientError::NotConnected(error.to_string())),
        }
    }
}

impl IntoFuture for Connecting {
    type Output = Result<Client, ClientError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.enter().boxed()
    }
}
