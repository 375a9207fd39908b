//! A program at work.

use crate::{
    Browser, Client, Log, Metrics, PATIENCE, RawConnection, World,
    driver::Driver,
    failure::{Place, fail},
    http,
    secrets::Secrets,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::{
    panic::Location,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{process::Child, time::timeout};

/// The password of everybody whose password does not matter.
pub const PASSWORD: &str = "correct horse";

/// A program that listens. It is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    world: World,
    child: Child,
    folder: PathBuf,
    url: String,
    stdout: Log,
    log: Log,
}

impl Server {
    pub(crate) fn new(program: (World, PathBuf), child: Child, url: String, stdout: Log, log: Log) -> Self {
        let (world, folder) = program;
        Self { world, child, folder, url, stdout, log }
    }

    /// The world of the test it runs in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The address, such as `http://127.0.0.1:4000`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://").trim_start_matches("https://")
    }

    /// What it prints to standard error.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What it printed to standard output.
    #[must_use]
    pub fn stdout(&self) -> &Log {
        &self.stdout
    }

    /// Waits until the log has a line with this text, and gives the line.
    #[track_caller]
    pub fn log_contains(&self, text: &str) -> impl Future<Output = String> {
        self.log.line_with([text])
    }

    /// Host and port of the listener that shows metrics.
    #[track_caller]
    pub fn metrics_address(&self) -> impl Future<Output = String> {
        let line = self.stdout.line_with(["metrics", "http://", "/metrics"]);
        async move {
            let line = line.await;
            // as text and as JSON
            let mut words = line.split(|letter: char| letter.is_whitespace() || letter == '"');
            let url = words.find(|word| word.ends_with("/metrics")).unwrap_or_default();
            url.trim_start_matches("http://").trim_end_matches("/metrics").to_owned()
        }
    }

    /// What the server counts, as it is now.
    #[track_caller]
    pub fn metrics(&self) -> impl Future<Output = Metrics> {
        let (place, address): (Place, _) = (Location::caller(), self.metrics_address());
        async move {
            let text = http::request(&address.await, "GET", "/metrics", "").await;
            Metrics::parse(&text.unwrap_or_else(|error| fail(place, error)))
        }
    }

    /// A person with cookies of their own. The same name is the same person.
    pub async fn client(&self, name: &str) -> Client {
        self.client_at(name, &self.url).await
    }

    /// The same, whose way leads over another address, such as a [`Proxy`](crate::Proxy)'s.
    pub async fn client_at(&self, name: &str, url: &str) -> Client {
        Client::new(self.world.driver().await, name, url)
    }

    /// A person with a browser.
    pub async fn browser(&self, name: &str) -> Browser {
        self.world.browser(name, &self.url).await
    }

    /// A person with an account of this name, logged in by a cookie, and their user id.
    pub async fn registered(&self, name: &str) -> (Client, String) {
        let client = self.client(name).await;
        let answer = client.post("/auth/register", json!({ "name": name, "password": PASSWORD })).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let id = answer.json["id"].as_str().expect("the id of a user").to_owned();
        (client, id)
    }

    /// A person in a process of their own, which may be stopped or killed.
    pub async fn client_in_own_process(&self, name: &str) -> Client {
        Client::new(Arc::new(Driver::start(self.secrets().clone())), name, &self.url)
    }

    /// A websocket without a client behind it.
    #[track_caller]
    pub fn raw(&self) -> impl Future<Output = RawConnection> {
        self.raw_with("")
    }

    /// A websocket without a client behind it, with a query: `client=ada`.
    #[track_caller]
    pub fn raw_with(&self, query: &str) -> impl Future<Output = RawConnection> {
        RawConnection::open(self.address().to_owned(), query.to_owned(), self.secrets().clone(), Location::caller())
    }

    /// The same by an upgrade from polling.
    #[track_caller]
    pub(crate) fn raw_by_upgrade(&self) -> impl Future<Output = RawConnection> {
        RawConnection::open_by_upgrade(self.address().to_owned(), self.secrets().clone(), Location::caller())
    }

    /// The folder it was started in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What must not be told.
    pub(crate) fn secrets(&self) -> &Secrets {
        self.world.secrets()
    }

    /// The process's number, while it is there.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether the process is there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a signal.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        let Some(pid) = pid else { fail(Location::caller(), "the server has ended already") };
        kill_process(pid, signal).unwrap_or_else(|error| fail(Location::caller(), error.to_string()));
    }

    /// Kills the process, without a chance for it to do anything.
    #[track_caller]
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Waits for the end; the exit code, none where a signal ended it.
    #[track_caller]
    pub fn wait_exit(&mut self) -> impl Future<Output = Option<i32>> {
        let place: Place = Location::caller();
        async move {
            match timeout(PATIENCE, self.child.wait()).await {
                Ok(Ok(status)) => status.code(),
                Ok(Err(error)) => fail(place, error.to_string()),
                Err(_) => fail(place, format!("the server did not end within {PATIENCE:?}")),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.world.network_ends();
    }
}
