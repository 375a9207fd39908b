//! Requests and responses.

use crate::{ErrorAnswer, driver::Driver, failure::Place, failure::fail};
use futures_util::future::{BoxFuture, FutureExt};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, future::IntoFuture, panic::Location, sync::Arc};

/// A request with the client's cookies, and as JSON where it has a body or may change something. Await it.
#[derive(Debug)]
#[must_use = "nothing is sent until this is awaited"]
pub struct Request {
    driver: Arc<Driver>,
    command: Value,
    place: Place,
}

/// A response.
#[derive(Debug, Deserialize)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body, without the compression that `content-encoding` names.
    pub text: String,
    /// The body, decoded; null where the server does not call it JSON.
    pub json: Value,
}

impl Request {
    pub(crate) fn new(driver: Arc<Driver>, client: &str, url: &str, method: &str, path: &str, place: Place) -> Self {
        let command = json!({ "client": client, "url": url, "method": method, "path": path, "headers": {} });
        Self { driver, command, place }
    }

    /// A JSON body.
    pub fn json(mut self, body: Value) -> Self {
        // as text, so that it reaches the server as written
        self.command["body"] = body.to_string().into();
        self
    }

    /// A body as it stands. It is called JSON unless a header says otherwise.
    pub fn body(mut self, body: &str) -> Self {
        self.command["body"] = body.into();
        self
    }

    /// A header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.command["headers"][name] = value.into();
        self
    }
}

impl IntoFuture for Request {
    type Output = Response;
    type IntoFuture = BoxFuture<'static, Response>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let answer = self.driver.command("http", self.command).await;
            let answer = answer.unwrap_or_else(|error| fail(self.place, error));
            serde_json::from_value(answer).unwrap_or_else(|error| fail(self.place, error.to_string()))
        }
        .boxed()
    }
}

impl Response {
    /// The error in the body, which has to have the one shape of all errors.
    #[must_use]
    #[track_caller]
    pub fn error(&self) -> ErrorAnswer {
        ErrorAnswer::of(&self.json, Location::caller())
    }
}
