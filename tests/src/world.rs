//! What one test has.

use crate::{Browser, Log, Program, TestDatabase, browser::Browsers, driver::Driver, mongod, secrets::Secrets, setup};
use std::{
    fmt::Write as _,
    fs,
    panic::Location,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Lines of a log that a failing test shows.
const LOG_LINES: usize = 60;

/// What one test has: programs to start, a database of its own, a folder of its own. All of it is gone at its end.
#[derive(Clone, Debug)]
pub struct World(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dir: TempDir,
    driver: OnceCell<Arc<Driver>>,
    browsers: OnceCell<Browsers>,
    database: OnceCell<TestDatabase>,
    outputs: Mutex<Vec<Outputs>>,
    secrets: Secrets,
    folders: AtomicUsize,
}

/// What one program prints.
#[derive(Clone, Debug)]
struct Outputs {
    program: String,
    stdout: Log,
    stderr: Log,
}

impl World {
    pub(crate) fn new(test: &str) -> Self {
        let dir = tempfile::Builder::new().prefix(&format!("{}-", test.replace("::", "-"))).tempdir_in(setup::tmp());
        Self(Arc::new(Inner {
            dir: dir.expect("a folder for the test"),
            driver: OnceCell::new(),
            browsers: OnceCell::new(),
            database: OnceCell::new(),
            outputs: Mutex::default(),
            secrets: Secrets::default(),
            folders: AtomicUsize::new(0),
        }))
    }

    /// The application `tests/examples/probe.rs`, whose handlers exist to be tested.
    #[track_caller]
    pub fn probe(&self) -> Program {
        self.example("probe")
    }

    /// An application in `tests/examples`. It runs with the built-in defaults on a free port, and logs everything.
    #[track_caller]
    pub fn example(&self, name: &str) -> Program {
        Program::new(self, name, Location::caller())
    }

    /// The application `tests/examples/members.rs` with accounts: `/members` and `/rooms` require a login, `/guests` lets
    /// everybody in.
    #[track_caller]
    pub fn members(&self) -> Program {
        self.example("members")
            .with_database()
            .set("auth.accounts.bcrypt_cost=4")
            .set("namespaces.\"/members\".auth=required")
            .set("namespaces.\"/rooms\".auth=required")
            .set("namespaces.\"/guests\".auth=optional")
    }

    /// The reference application, with the configuration and the pages it is shipped with, and a database of the test's own.
    #[track_caller]
    pub fn documents(&self) -> Program {
        let mut program = Program::new(self, "documents", Location::caller()).with_database();
        for file in ["default.toml", "development.toml", "production.toml"] {
            let text = fs::read_to_string(setup::root().join("config").join(file));
            program = program.file(&format!("config/{file}"), &text.expect("the shipped configuration"));
        }
        program.set(&format!("pages.dir={}", setup::root().join("handlers/public").display()))
    }

    /// The test's own database on the shared `mongod`. The first test that asks starts it.
    pub async fn database(&self) -> &TestDatabase {
        self.0.database.get_or_init(mongod::database).await
    }

    /// The test's own folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.0.dir.path()
    }

    /// A new folder in the test's own.
    pub(crate) fn new_folder(&self, name: &str) -> PathBuf {
        let number = self.0.folders.fetch_add(1, Ordering::Relaxed);
        let folder = self.dir().join(format!("{name}-{number}"));
        fs::create_dir(&folder).expect("a folder in the test's own");
        folder
    }

    /// The process of the test's JavaScript clients.
    pub(crate) async fn driver(&self) -> Arc<Driver> {
        self.0.driver.get_or_init(async || Arc::new(Driver::start(self.secrets().clone()))).await.clone()
    }

    /// A person whose browser begins at this address. The same name at the same address is the same person.
    ///
    /// Everybody has cookies and storage of their own, and all share one process of chromium.
    #[track_caller]
    pub fn browser(&self, name: &str, url: &str) -> impl Future<Output = Browser> {
        let place = Location::caller();
        async move { self.browsers().await.person(name, url, false, place).await }
    }

    /// The same in a process of its own, which may be killed.
    #[track_caller]
    pub fn browser_in_own_process(&self, name: &str, url: &str) -> impl Future<Output = Browser> {
        let place = Location::caller();
        async move { self.browsers().await.person(name, url, true, place).await }
    }

    async fn browsers(&self) -> &Browsers {
        self.0.browsers.get_or_init(async || Browsers::start(self.secrets().clone())).await
    }

    /// A server ends: from now on it is no fault of a page that there is no network.
    pub(crate) fn network_ends(&self) {
        if let Some(browsers) = self.0.browsers.get() {
            browsers.network_ends();
        }
    }

    /// Ends all browsers. What went wrong in their pages: nothing, or sentences for the test's failure.
    pub(crate) async fn problems(&self) -> Vec<String> {
        match self.0.browsers.get() {
            Some(browsers) => browsers.end().await,
            None => Vec::new(),
        }
    }

    /// What the test's programs must not tell.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// Searches this for secrets at the test's end, and shows the log if the test fails.
    pub(crate) fn watch(&self, program: &str, stdout: Log, stderr: Log) {
        let outputs = Outputs { program: program.to_owned(), stdout, stderr };
        self.0.outputs.lock().unwrap_or_else(PoisonError::into_inner).push(outputs);
    }

    fn outputs(&self) -> Vec<Outputs> {
        self.0.outputs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The ends of all logs.
    pub(crate) fn report(&self) -> String {
        let mut report = String::new();
        for Outputs { program, stderr, .. } in self.outputs() {
            let lines = stderr.lines();
            let shown = &lines[lines.len().saturating_sub(LOG_LINES)..];
            let _ = write!(report, "\n--- the last lines of {program} ---\n{}", shown.join("\n"));
        }
        report
    }

    /// Every secret that was told, once all programs of the test have ended: none, or sentences for the test's failure.
    pub(crate) async fn leaks(&self) -> Vec<String> {
        self.secrets().folder(self.dir());
        let (mut printed, mut leaks) = (Vec::new(), Vec::new());
        for Outputs { program, stdout, stderr } in self.outputs() {
            for (name, output) in [("standard output", stdout), ("log", stderr)] {
                let name = format!("the {name} of {program}");
                if !output.ended().await {
                    leaks.push(format!("{name} goes on after the test, and was not searched to its end"));
                }
                printed.push((name, output.lines()));
            }
        }
        leaks.extend(self.secrets().leaks(&printed));
        leaks
    }

    pub(crate) async fn finish(&self) {
        if let Some(database) = self.0.database.get() {
            database.drop_it().await;
        }
    }
}
