//! What the handlers of these tests share with the tests.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use lambdio::{App, InProcess};
use std::{
    sync::{Arc, Mutex, Weak},
    time::Duration,
};
use tokio::{sync::Semaphore, time::timeout};

const PATIENCE: Duration = Duration::from_secs(10);

/// What handlers write down.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    pub fn write(&self, entry: impl Into<String>) {
        self.0.lock().unwrap().push(entry.into());
    }

    pub fn read(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// Waits until this was written.
    pub async fn says(&self, entry: &str) {
        eventually(entry, || self.read().iter().any(|written| written == entry)).await;
    }
}

/// Holds handlers up.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    fn closed() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Lets one handler pass.
    pub fn open(&self) {
        self.0.add_permits(1);
    }

    pub async fn passed(&self) {
        self.0.acquire().await.unwrap().forget();
    }
}

/// An application, and what its handlers share with the test.
pub struct Started {
    pub app: InProcess,
    pub journal: Journal,
    pub gate: Gate,
    /// Gone when the application is.
    pub witness: Weak<()>,
}

struct Witness(#[expect(dead_code, reason = "its end is watched")] Arc<()>);

/// Starts an application with these settings.
pub async fn start(overrides: &[&str]) -> Started {
    start_with(App::new(), overrides).await
}

/// Starts this application with these settings, and with what its handlers need.
pub async fn start_with(app: App, overrides: &[&str]) -> Started {
    let (journal, gate, witness) = (Journal::default(), Gate::closed(), Arc::new(()));
    let watched = Arc::downgrade(&witness);
    let (written, held) = (journal.clone(), gate.clone());
    let app = app
        .provide(async move |_: &lambdio::Startup| Ok::<_, lambdio::Error>(written))
        .provide(async move |_: &lambdio::Startup| Ok::<_, lambdio::Error>(held))
        .provide(async move |_: &lambdio::Startup| Ok::<_, lambdio::Error>(Witness(witness)));
    let app = app.in_process(overrides.iter().copied()).await.unwrap();
    Started { app, journal, gate, witness: watched }
}

/// Waits until it holds.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let held = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(timeout(PATIENCE, held).await.is_ok(), "not within {PATIENCE:?}: {what}");
}
