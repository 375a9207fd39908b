//! A person with a browser.

use super::Page;
use crate::{
    Request,
    driver::Driver,
    failure::{Place, fail},
};
use serde_json::{Value, json};
use std::{panic::Location, sync::Arc};

/// A person with a browser: cookies and storage of their own, and tabs.
#[derive(Clone, Debug)]
pub struct Browser {
    driver: Arc<Driver>,
    name: String,
    url: String,
}

impl Browser {
    /// Opens a browser for this person, if they have none.
    pub(super) async fn begin(driver: Arc<Driver>, name: &str, url: &str, own: bool, place: Place) -> Self {
        let browser = Self { driver, name: name.to_owned(), url: url.to_owned() };
        browser.command(place, "person", json!({ "own": own })).await;
        browser
    }

    async fn command(&self, place: Place, what: &str, mut with: Value) -> Value {
        with["client"] = self.name.as_str().into();
        with["url"] = self.url.as_str().into();
        self.driver.command(what, with).await.unwrap_or_else(|error| fail(place, format!("{}: {error}", self.name)))
    }

    /// The person's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A new tab, empty.
    #[track_caller]
    pub fn tab(&self) -> impl Future<Output = Page> {
        self.new_tab(Location::caller())
    }

    async fn new_tab(&self, place: Place) -> Page {
        let tab = self.command(place, "tab", json!({})).await;
        Page::new(self.driver.clone(), &self.name, tab["page"].clone())
    }

    /// A new tab with the page of this path.
    #[track_caller]
    pub fn open(&self, path: &str) -> impl Future<Output = Page> {
        let place = Location::caller();
        async move {
            let page = self.new_tab(place).await;
            page.goes_to(path, place).await;
            page
        }
    }

    /// A request with this person's cookies that no page makes. Await it.
    #[track_caller]
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.driver.clone(), &self.name, &self.url, method, path, Location::caller())
    }

    /// A POST request with a JSON body that no page makes. Await it.
    #[track_caller]
    pub fn post(&self, path: &str, json: Value) -> Request {
        self.request("POST", path).json(json)
    }

    /// From now on an error on the console with this text is no failure.
    #[track_caller]
    pub fn expects(&self, text: &str) -> impl Future<Output = ()> {
        let told = self.command(Location::caller(), "expect", json!({ "text": text }));
        async { drop(told.await) }
    }

    /// From now on an error on the console with this text is a failure again.
    #[track_caller]
    pub fn expects_no_more(&self, text: &str) -> impl Future<Output = ()> {
        let told = self.command(Location::caller(), "expect_no_more", json!({ "text": text }));
        async { drop(told.await) }
    }

    /// From now on it is no failure that the network is away.
    #[track_caller]
    pub fn expects_no_network(&self) -> impl Future<Output = ()> {
        self.expects("network")
    }

    /// From now on the network has to be there again.
    #[track_caller]
    pub fn expects_a_network(&self) -> impl Future<Output = ()> {
        self.expects_no_more("network")
    }

    /// Kills the browser's process: meant for one of its own.
    #[track_caller]
    pub fn kill(&self) -> impl Future<Output = ()> {
        let killed = self.command(Location::caller(), "kill", json!({}));
        async { drop(killed.await) }
    }
}
