//! What one test has.

use crate::{Log, Program, TestDatabase, driver::Driver, mongod, setup};
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
    database: OnceCell<TestDatabase>,
    logs: Mutex<Vec<(String, Log)>>,
    folders: AtomicUsize,
}

impl World {
    pub(crate) fn new(test: &str) -> Self {
        let dir = tempfile::Builder::new().prefix(&format!("{}-", test.replace("::", "-"))).tempdir_in(setup::tmp());
        Self(Arc::new(Inner {
            dir: dir.expect("a folder for the test"),
            driver: OnceCell::new(),
            database: OnceCell::new(),
            logs: Mutex::default(),
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

    /// The reference application, with the configuration it is shipped with and a database of the test's own.
    #[track_caller]
    pub fn documents(&self) -> Program {
        let mut program = Program::new(self, "documents", Location::caller()).with_database();
        for file in ["default.toml", "development.toml", "production.toml"] {
            let text = fs::read_to_string(setup::root().join("config").join(file));
            program = program.file(&format!("config/{file}"), &text.expect("the shipped configuration"));
        }
        program
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
        self.0.driver.get_or_init(async || Arc::new(Driver::start().await)).await.clone()
    }

    /// Shows this log if the test fails.
    pub(crate) fn watch(&self, name: &str, log: &Log) {
        self.0.logs.lock().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), log.clone()));
    }

    /// The ends of all logs.
    pub(crate) fn report(&self) -> String {
        let mut report = String::new();
        for (name, log) in self.0.logs.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let lines = log.lines();
            let shown = &lines[lines.len().saturating_sub(LOG_LINES)..];
            let _ = write!(report, "\n--- the last lines of {name} ---\n{}", shown.join("\n"));
        }
        report
    }

    pub(crate) async fn finish(&self) {
        if let Some(database) = self.0.database.get() {
            database.drop_it().await;
        }
    }
}
