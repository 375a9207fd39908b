//! A person.

use crate::{Connecting, Request, driver::Driver, failure::fail};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::{panic::Location, sync::Arc};

/// A person with cookies of their own, who sends requests and opens Socket.IO connections.
#[derive(Clone, Debug)]
pub struct Client {
    driver: Arc<Driver>,
    name: String,
    url: String,
}

impl Client {
    pub(crate) fn new(driver: Arc<Driver>, name: &str, url: &str) -> Self {
        Self { driver, name: name.to_owned(), url: url.to_owned() }
    }

    /// Trusts this certificate (PEM), and no other, from now on.
    #[track_caller]
    pub fn trust(&self, certificate: &str) -> impl Future<Output = ()> {
        let (place, command) = (Location::caller(), json!({ "client": self.name, "url": self.url, "ca": certificate }));
        let driver = self.driver.clone();
        async move {
            driver.command("trust", command).await.unwrap_or_else(|error| fail(place, error));
        }
    }

    /// Comes from this address of the machine from now on, such as `127.0.0.2`; over polling from the usual one.
    #[track_caller]
    pub fn from_address(&self, address: &str) -> impl Future<Output = ()> {
        let (place, client, address) = (Location::caller(), self.clone(), address.to_owned());
        async move {
            client.command("from", json!({ "address": address })).await.unwrap_or_else(|error| fail(place, error));
        }
    }

    /// The status of a GET request over HTTP/2.
    #[track_caller]
    pub fn status_over_http2(&self, path: &str) -> impl Future<Output = Value> {
        let (place, client, path) = (Location::caller(), self.clone(), path.to_owned());
        async move { client.command("http2", json!({ "path": path })).await.unwrap_or_else(|error| fail(place, error)) }
    }

    /// A connection to a namespace, over a websocket unless said otherwise. Await it.
    #[track_caller]
    pub fn connect(&self, namespace: &str) -> Connecting {
        Connecting::new(self.driver.clone(), &self.name, &self.url, namespace, Location::caller())
    }

    /// A request. Await it.
    #[track_caller]
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.driver.clone(), &self.name, &self.url, method, path, Location::caller())
    }

    /// A GET request. Await it.
    #[track_caller]
    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// A POST request with a JSON body. Await it.
    #[track_caller]
    pub fn post(&self, path: &str, json: Value) -> Request {
        self.request("POST", path).json(json)
    }

    /// Gives the client's process a command.
    pub(crate) async fn command(&self, what: &str, mut with: Value) -> Result<Value, String> {
        with["client"] = self.name.as_str().into();
        with["url"] = self.url.as_str().into();
        self.driver.command(what, with).await
    }

    /// Sends the client's process a signal: meant for one that is a process of its own.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        self.driver.signal(signal).unwrap_or_else(|error| fail(Location::caller(), error));
    }
}
