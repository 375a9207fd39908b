//! A Socket.IO client.

use super::{
    ClientError, Refused,
    link::{Link, WebSocket},
    packet::head,
    received::Received,
};
use futures_util::{FutureExt, future::BoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// A Socket.IO client in one namespace, made by [`InProcess::client`](crate::InProcess::client).
///
/// - Values are anything that serde knows: types of the handlers, `serde_json::json!`, `serde_json::Value`. `&()` is
///   no data.
/// - Events are sent at once, in the order of the calls; what is awaited is only the answer. So questions may be
///   collected first, and awaited together.
/// - What the server sends waits until the test asks for it.
/// - Every wait ends after ten seconds, or what [`patience`](super::Connecting::patience) says.
/// - Dropping it cuts the connection, without a goodbye.
#[derive(Debug)]
pub struct Client {
    namespace: String,
    received: Arc<Received>,
    link: Link,
    patience: Duration,
}

impl Client {
    pub(super) fn new(socket: WebSocket, namespace: String, patience: Duration) -> Self {
        let received = Arc::<Received>::default();
        let link = Link::new(socket, namespace.clone(), received.clone());
        Self { namespace, received, link, patience }
    }

    /// Sends an event with one argument, and gives the first argument of its acknowledgement once awaited.
    ///
    /// # Errors
    /// [`ClientError::Refused`] where the acknowledgement is an error, [`ClientError::Late`] where there is none,
    /// [`ClientError::Ended`] where the connection is over, [`ClientError::Shape`] where it is no `R`.
    pub fn ask<R: DeserializeOwned + 'static>(
        &self,
        event: &str,
        data: &impl Serialize,
    ) -> BoxFuture<'static, Result<R, ClientError>> {
        self.ask_text(event, serde_json::to_string(&(event, data)))
    }

    /// As [`ask`](Self::ask), with several arguments: `arguments` is a tuple or a list, `(1, "two")`.
    ///
    /// # Errors
    /// Those of `ask`, and [`ClientError::Shape`] where `arguments` is no list.
    pub fn ask_args<R: DeserializeOwned + 'static>(
        &self,
        event: &str,
        arguments: &impl Serialize,
    ) -> BoxFuture<'static, Result<R, ClientError>> {
        self.ask_text(event, spread(event, arguments))
    }

    /// Sends an event that is to be refused, and gives the error.
    ///
    /// # Errors
    /// [`ClientError::Served`] where the event was served, and those of [`ask`](Self::ask).
    pub fn ask_error(&self, event: &str, data: &impl Serialize) -> BoxFuture<'static, Result<Refused, ClientError>> {
        let (answer, event) = (self.ask::<Value>(event, data), event.to_owned());
        async move {
            match answer.await {
                Ok(answer) => Err(ClientError::Served { event, answer }),
                Err(ClientError::Refused { refused, .. }) => Ok(*refused),
                Err(error) => Err(error),
            }
        }
        .boxed()
    }

    /// Sends an event with one argument and without acknowledgement. What goes wrong the server sends as `exception`.
    ///
    /// # Errors
    /// [`ClientError::Ended`] where the connection is over, [`ClientError::Shape`] where `data` cannot be JSON.
    pub fn emit(&self, event: &str, data: &impl Serialize) -> Result<(), ClientError> {
        self.send(2, None, event, serde_json::to_string(&(event, data)))
    }

    /// As [`emit`](Self::emit), with several arguments: `arguments` is a tuple or a list, `(1, "two")`.
    ///
    /// # Errors
    /// Those of `emit`, and [`ClientError::Shape`] where `arguments` is no list.
    pub fn emit_args(&self, event: &str, arguments: &impl Serialize) -> Result<(), ClientError> {
        self.send(2, None, event, spread(event, arguments))
    }

    /// The first argument of the next event of this name; null where it has none. Events of other names stay, each for whoever
    /// asks for it.
    ///
    /// # Errors
    /// [`ClientError::Late`] with what came instead, [`ClientError::Ended`] where the connection is over,
    /// [`ClientError::Shape`] where it is no `T`.
    pub async fn next<T: DeserializeOwned>(&self, event: &str) -> Result<T, ClientError> {
        let received = self.received.next(event, self.patience).await?;
        decode(event, received.arguments)
    }

    /// As [`next`](Self::next) for an event to which the server wants an acknowledgement: `answer` gives it.
    ///
    /// # Errors
    /// Those of `next`, and [`ClientError::Shape`] where the event wants no acknowledgement.
    pub async fn answer<T: DeserializeOwned, R: Serialize>(
        &self,
        event: &str,
        answer: impl FnOnce(T) -> R,
    ) -> Result<(), ClientError> {
        let received = self.received.next(event, self.patience).await?;
        let Some(ack) = received.ack else {
            let error = "the server wants no acknowledgement".to_owned();
            return Err(ClientError::Shape { what: event.to_owned(), error });
        };
        let answer = answer(decode(event, received.arguments)?);
        self.send(3, Some(ack), event, serde_json::to_string(&(answer,)))
    }

    /// Takes all events that wait, in the order they came: each with its arguments.
    pub(crate) fn take_events(&self) -> Vec<(String, Vec<Value>)> {
        self.received.take_all().into_iter().map(|event| (event.name, event.arguments)).collect()
    }

    /// Waits until the server has ended the connection or has put the client out, and says which.
    ///
    /// # Errors
    /// [`ClientError::Late`].
    pub async fn ended(&self) -> Result<String, ClientError> {
        self.received.ended(self.patience).await
    }

    /// Leaves the namespace, closes the connection and waits for its end.
    ///
    /// # Errors
    /// [`ClientError::Late`] where the server does not close it. That it has ended already is no error.
    pub async fn disconnect(self) -> Result<(), ClientError> {
        // what cannot be sent need not be
        let _ = self.send(1, None, "goodbye", Ok(String::new()));
        let Self { received, link: Link { outgoing, task }, patience, .. } = self;
        drop(outgoing);
        let ended = received.ended(patience).await;
        drop(task);
        ended.map(drop)
    }

    fn ask_text<R: DeserializeOwned + 'static>(
        &self,
        event: &str,
        text: serde_json::Result<String>,
    ) -> BoxFuture<'static, Result<R, ClientError>> {
        let (number, answer) = self.received.ask();
        let sent = self.send(2, Some(number), event, text);
        let (event, received, patience) = (event.to_owned(), self.received.clone(), self.patience);
        async move {
            sent?;
            let arguments = received.answer(&event, answer, patience).await?;
            match arguments.first().and_then(Refused::of) {
                Some(refused) => Err(ClientError::Refused { event, refused: refused.into() }),
                None => decode(&format!("the answer to {event}"), arguments),
            }
        }
        .boxed()
    }

    /// Sends a packet of this kind. `data` is the list of its arguments, or why there is none.
    fn send(
        &self,
        kind: u8,
        ack: Option<u64>,
        event: &str,
        data: serde_json::Result<String>,
    ) -> Result<(), ClientError> {
        let data = data.map_err(|error| ClientError::Shape { what: event.to_owned(), error: error.to_string() })?;
        self.link.outgoing.send(head(kind, &self.namespace, ack) + &data).map_err(|_| ClientError::Ended {
            what: format!("a chance to send {event}"),
            reason: "nothing can be sent any more".to_owned(),
        })
    }
}

/// The event's name and its arguments in one list.
fn spread(event: &str, arguments: &impl Serialize) -> serde_json::Result<String> {
    let mut list: Vec<Value> = serde_json::from_value(serde_json::to_value(arguments)?)?;
    list.insert(0, event.into());
    serde_json::to_string(&list)
}

/// The first argument, or null.
fn decode<T: DeserializeOwned>(what: &str, arguments: Vec<Value>) -> Result<T, ClientError> {
    let value = arguments.into_iter().next().unwrap_or_default();
    T::deserialize(&value)
        .map_err(|error| ClientError::Shape { what: format!("{what}: {value}"), error: error.to_string() })
}
