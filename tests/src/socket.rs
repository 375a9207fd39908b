//! A Socket.IO connection.

use crate::{
    ErrorAnswer,
    driver::{self, Driver},
    failure::{Place, fail},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{panic::Location, sync::Arc};

/// One client in one namespace. Arguments are JSON arrays; bytes in them are [`Socket::binary`].
#[derive(Clone, Debug)]
pub struct Socket {
    driver: Arc<Driver>,
    number: u64,
}

/// An event that a client has seen.
#[derive(Debug, Clone, Deserialize, PartialEq)]
pub struct Seen {
    /// The event's name.
    pub event: String,
    /// Its arguments.
    pub args: Value,
}

/// How a client sees its connection.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct State {
    /// Whether it is in the namespace.
    pub connected: bool,
    /// What it takes for its name.
    pub id: Option<String>,
    /// What carries it now: `websocket` or `polling`.
    pub transport: Option<String>,
}

impl Socket {
    pub(crate) fn new(driver: Arc<Driver>, number: u64) -> Self {
        Self { driver, number }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes inside arguments, both ways.
    #[must_use]
    pub fn binary(bytes: &[u8]) -> Value {
        driver::binary(bytes)
    }

    async fn command<T: DeserializeOwned>(&self, place: Place, what: &str, mut with: Value) -> T {
        with["socket"] = self.number.into();
        let value = self.driver.command(what, with).await.unwrap_or_else(|error| fail(place, error));
        serde_json::from_value(value).unwrap_or_else(|error| fail(place, error.to_string()))
    }

    /// Emits an event without asking for an acknowledgement.
    #[track_caller]
    pub fn emit(&self, event: &str, args: Value) -> impl Future<Output = ()> {
        self.command(Location::caller(), "emit", json!({ "event": event, "args": args }))
    }

    /// Emits an event and gives all arguments of its acknowledgement.
    #[track_caller]
    pub fn emit_with_ack(&self, event: &str, args: Value) -> impl Future<Output = Value> {
        self.command(Location::caller(), "emit_with_ack", json!({ "event": event, "args": args }))
    }

    /// Emits an event and gives the one argument of its acknowledgement.
    #[track_caller]
    pub fn ask(&self, event: &str, args: Value) -> impl Future<Output = Value> {
        let place = Location::caller();
        async move {
            let ack: Vec<Value> = self.command(place, "emit_with_ack", json!({ "event": event, "args": args })).await;
            match <[Value; 1]>::try_from(ack) {
                Ok([value]) => value,
                Err(ack) => fail(place, format!("the acknowledgement has not one argument: {}", json!(ack))),
            }
        }
    }

    /// Emits an event and gives the error it is acknowledged with.
    #[track_caller]
    pub fn ask_error(&self, event: &str, args: Value) -> impl Future<Output = ErrorAnswer> {
        let place = Location::caller();
        let answer = self.ask(event, args);
        async move { ErrorAnswer::of(&answer.await, place) }
    }

    /// Emits an event once for each list of arguments, all in one tick. Gives the acknowledgements in the order they
    /// came, each with the place of its list.
    #[track_caller]
    pub fn burst(&self, event: &str, list: Vec<Value>) -> impl Future<Output = Vec<(usize, Value)>> {
        self.command(Location::caller(), "burst", json!({ "event": event, "list": list }))
    }

    /// Waits for the next event of this name that nobody has taken, and gives its arguments.
    #[track_caller]
    pub fn next(&self, event: &str) -> impl Future<Output = Value> {
        self.command(Location::caller(), "next", json!({ "event": event }))
    }

    /// Waits for the next `exception`, the answer to an event that asked for none: the event's name and the error.
    #[track_caller]
    pub fn next_exception(&self) -> impl Future<Output = (Value, ErrorAnswer)> {
        let place = Location::caller();
        async move {
            let args: Value = self.command(place, "next", json!({ "event": "exception" })).await;
            let [Value::Object(exception)] = args.as_array().map(Vec::as_slice).unwrap_or_default() else {
                fail(place, format!("an exception has one argument: {args}"))
            };
            let mut exception = exception.clone();
            let event = exception.remove("event").unwrap_or_default();
            (event, ErrorAnswer::of(&Value::Object(exception), place))
        }
    }

    /// Everything that came until now, taken or not.
    #[track_caller]
    pub fn events_seen(&self) -> impl Future<Output = Vec<Seen>> {
        self.command(Location::caller(), "seen", json!({}))
    }

    /// Acknowledges events of this name with these arguments from now on. Without this they are never acknowledged.
    #[track_caller]
    pub fn answer(&self, event: &str, args: Value) -> impl Future<Output = ()> {
        self.command(Location::caller(), "answer", json!({ "event": event, "args": args }))
    }

    /// How the client sees its connection.
    #[track_caller]
    pub fn state(&self) -> impl Future<Output = State> {
        self.command(Location::caller(), "state", json!({}))
    }

    /// Waits for the end of the connection, and gives the client's reason for it.
    #[track_caller]
    pub fn gone(&self) -> impl Future<Output = String> {
        self.command(Location::caller(), "gone", json!({}))
    }

    /// Leaves the namespace.
    #[track_caller]
    pub fn disconnect(&self) -> impl Future<Output = ()> {
        self.command(Location::caller(), "disconnect", json!({}))
    }

    /// Closes the connection, as a closed browser tab does.
    #[track_caller]
    pub fn close(&self) -> impl Future<Output = ()> {
        self.command(Location::caller(), "close", json!({}))
    }

    /// Resets the TCP connection, as a broken network does.
    #[track_caller]
    pub fn cut(&self) -> impl Future<Output = ()> {
        self.command(Location::caller(), "cut", json!({}))
    }
}
