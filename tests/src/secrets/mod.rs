//! No program under test tells a secret.
//!
//! The harness knows every secret that goes through a test: [`Sightings`] says what counts as one and where it is looked
//! for. At the end of each test all output of its programs is searched for each of them, in every [form](forms) in
//! which programs write text; so are the errors that its clients were told. One hit fails the test.
//!
//! Left out are secrets of fewer than [`SHORTEST`] characters, which ordinary lines hold by accident, and what a test
//! says and hears over a [`RawConnection`](crate::RawConnection) that no server of it has opened.

mod errors;
mod forms;
mod pem;
mod search;
mod settings;
mod sightings;

use search::Search;
use serde_json::Value;
use sightings::Sightings;
use std::{
    collections::BTreeMap,
    fmt, fs,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Shorter secrets are not searched for: letters of a log would be taken for them.
const SHORTEST: usize = 8;

/// How deep below a test's folder keys are looked for. Programs start in folders of their own, one below.
const DEPTH: usize = 4;

/// The largest file that is taken for a key, in bytes.
const LARGEST_KEY: u64 = 64 * 1024;

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    Token,
    Cookie,
    Authorization,
    Key,
    DatabasePassword,
    Session,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "a password",
            Self::Token => "a token",
            Self::Cookie => "a cookie",
            Self::Authorization => "credentials of a header",
            Self::Key => "a key",
            Self::DatabasePassword => "a password of the database",
            Self::Session => "the id of an Engine.IO session",
        })
    }
}

/// The secrets of one test, and the errors that its clients were told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    secrets: BTreeMap<String, Kind>,
    errors: Vec<Told>,
}

/// An error that a client was told.
#[derive(Debug)]
struct Told {
    text: String,
    /// What the client had sent with what failed: it may be told that again.
    own: Vec<String>,
}

impl Secrets {
    /// What a client is told to do.
    pub fn command(&self, command: &Value) {
        self.learn(Sightings::in_command(command));
    }

    /// What came of it.
    pub fn answer(&self, command: &Value, answer: &Value) {
        self.learn(Sightings::in_answer(answer));
        let errors = errors::in_answer(answer);
        if !errors.is_empty() {
            let own: Vec<String> = Sightings::in_command(command).into_iter().map(|(secret, _)| secret).collect();
            self.known().errors.extend(errors.into_iter().map(|text| Told { text, own: own.clone() }));
        }
    }

    /// Packets of Engine.IO and Socket.IO, either way.
    pub fn packets(&self, text: &str) {
        self.learn(Sightings::in_packets(text));
    }

    /// An argument of a program, which may be a setting: `KEY=VALUE`.
    pub fn argument(&self, argument: &str) {
        self.learn(settings::in_setting(argument));
    }

    /// An environment variable.
    pub fn variable(&self, name: &str, value: &str) {
        self.learn(settings::in_variable(name, value));
    }

    /// A file for a program.
    pub fn file(&self, path: &Path, text: &str) {
        self.learn(settings::in_file(path, text));
    }

    /// Keys in files, those that programs made for themselves among them.
    pub fn folder(&self, folder: &Path) {
        self.look_into(folder, DEPTH);
    }

    fn look_into(&self, folder: &Path, depth: usize) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
            if kind.is_dir() && depth > 0 {
                self.look_into(&path, depth - 1);
            } else if kind.is_file()
                && entry.metadata().is_ok_and(|file| file.len() <= LARGEST_KEY)
                && let Ok(text) = fs::read_to_string(&path)
            {
                self.file(&path, &text);
            }
        }
    }

    /// Every place where one of the secrets is told: in one of these outputs, or in an error. Each is a sentence that does
    /// not tell it again.
    pub fn leaks(&self, outputs: &[(String, Vec<String>)]) -> Vec<String> {
        let known = self.known();
        let search = Search::for_all(&known.secrets);
        let mut leaks = Vec::new();
        for (output, lines) in outputs {
            leaks
                .extend(lines.iter().filter_map(|line| search.leak(line, &[])).map(|leak| format!("{output}: {leak}")));
        }
        let told = known.errors.iter().filter_map(|told| search.leak(&told.text, &told.own));
        leaks.extend(told.map(|leak| format!("an error that a client was told: {leak}")));
        leaks
    }

    fn learn(&self, sightings: Sightings) {
        let long = sightings.into_iter().filter(|(secret, _)| secret.chars().count() >= SHORTEST);
        let mut known = self.known();
        for (secret, kind) in long {
            known.secrets.entry(secret).or_insert(kind);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
