//! One `mongod` for all tests, a database for each.

use crate::{failure::missing, setup};
use lambdio::mongo::embedded::{Embedded, EmbeddedOptions};
use mongodb::{Client, Database, options::ServerAddress};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// The shared `mongod`. A static is never dropped: [`stop`] ends it, and the kernel where the tests are killed.
static SHARED: Mutex<Shared> = Mutex::const_new(Shared::NotAsked);

static DATABASES: AtomicUsize = AtomicUsize::new(0);

enum Shared {
    NotAsked,
    Failed(String),
    Running { embedded: Embedded, client: Client, uri: String, _dir: TempDir },
}

/// A database that is gone at the end of its test.
#[derive(Debug)]
pub struct TestDatabase {
    /// The address of the server, with user and password, for `mongo.uri`.
    pub uri: String,
    /// The database's name, for `mongo.database`.
    pub name: String,
    /// The database, to look into.
    pub handle: Database,
}

impl TestDatabase {
    pub(crate) async fn drop_it(&self) {
        if let Err(error) = self.handle.drop().await {
            eprintln!("the database {} could not be dropped: {error}", self.name);
        }
    }
}

/// A new database. Ends the test as ignored where no `mongod` can be had.
pub(crate) async fn database() -> TestDatabase {
    let mut shared = SHARED.lock().await;
    if matches!(*shared, Shared::NotAsked) {
        *shared = start().await.unwrap_or_else(Shared::Failed);
    }
    match &*shared {
        Shared::Running { client, uri, .. } => {
            let number = DATABASES.fetch_add(1, Ordering::Relaxed);
            let name = format!("test_{}_{number}", std::process::id());
            TestDatabase { uri: uri.clone(), handle: client.database(&name), name }
        }
        Shared::Failed(reason) => missing(format!("no MongoDB: {reason}")),
        Shared::NotAsked => missing("no MongoDB: it was stopped"),
    }
}

/// The binary that runs for [`database`]. Ends the test as ignored where there is none.
pub(crate) async fn binary() -> PathBuf {
    database().await;
    match &*SHARED.lock().await {
        Shared::Running { embedded, .. } => {
            let pid = embedded.pid().expect("the shared database runs");
            std::fs::read_link(format!("/proc/{pid}/exe")).expect("the program of a process")
        }
        Shared::Failed(_) | Shared::NotAsked => missing("no MongoDB"),
    }
}

/// Ends the shared `mongod`, if it runs.
pub(crate) async fn stop() {
    let shared = std::mem::replace(&mut *SHARED.lock().await, Shared::Failed("it was stopped".to_owned()));
    if let Shared::Running { embedded, client, .. } = shared {
        client.shutdown().immediate(true).await;
        embedded.stop().await;
    }
}

async fn start() -> Result<Shared, String> {
    let dir = tempfile::Builder::new().prefix("mongod-").tempdir_in(setup::tmp()).map_err(|error| error.to_string())?;
    let embedded = Embedded::start(EmbeddedOptions::new(dir.path())).await.map_err(|error| error.to_string())?;
    let client = Client::with_options(embedded.client_options()).map_err(|error| error.to_string())?;
    Ok(Shared::Running { uri: mongodb_address(&embedded)?, embedded, client, _dir: dir })
}

/// Where a private `mongod` listens, with user and password, as an address: that is what programs take.
///
/// # Errors
/// Says what an address cannot hold.
pub fn mongodb_address(embedded: &Embedded) -> Result<String, String> {
    let options = embedded.client_options();
    let credential = options.credential.as_ref().ok_or("the database has a user")?;
    let [ServerAddress::Tcp { host, port: Some(port) }] = options.hosts.as_slice() else {
        return Err("the database has one address".to_owned());
    };
    let (user, password) = credential.username.as_deref().zip(credential.password.as_deref()).ok_or("a password")?;
    if !password.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err("the password has letters that an address cannot hold as they are".to_owned());
    }
    let source = credential.source.as_deref().unwrap_or("admin");
    let set = options.repl_set_name.as_deref().unwrap_or("rs0");
    Ok(format!("mongodb://{user}:{password}@{host}:{port}/?authSource={source}&replicaSet={set}"))
}
