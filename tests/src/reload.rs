//! New settings for a program at work.

use crate::{
    Server,
    failure::{Place, fail},
    log::message,
};
use rustix::process::Signal;
use std::{fs, panic::Location, path::Path};

/// The file that tests write.
const LOCAL: &str = "config/local.toml";

/// What became of new settings: the lines of the log from the signal to the outcome.
#[derive(Clone, Debug)]
pub struct Reload {
    lines: Vec<String>,
}

impl Server {
    /// Puts a file into the folder that the program was started in. Nothing is read again by that alone.
    #[track_caller]
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        self.secrets().file(&path, text);
        if let Err(error) = written(&path, text) {
            fail(Location::caller(), format!("{}: {error}", path.display()));
        }
    }

    /// New settings: `local.toml` has this text and no other, and is read by SIGHUP. They have to be right.
    ///
    /// What `set`, `env` and `with_database` have said of the program wins over the file, as everywhere.
    ///
    /// ```no_run
    /// # async fn example(server: lambdio_tests::Server) {
    /// let reload = server.reload("events.timeout = \"1s\"").await;
    /// assert_eq!(reload.changed(), ["events.timeout: \"10s\" -> \"1s\""]);
    /// # }
    /// ```
    #[track_caller]
    pub fn reload(&self, local: &str) -> impl Future<Output = Reload> {
        let place = Location::caller();
        self.write(LOCAL, local);
        async move {
            let reload = self.hang_up_at(place).await;
            if reload.is_refused() {
                fail(place, format!("the settings were refused:\n{}", reload.lines.join("\n")));
            }
            reload
        }
    }

    /// New settings that are wrong: the same, and why they were refused.
    #[track_caller]
    pub fn reload_refused(&self, local: &str) -> impl Future<Output = String> {
        let place = Location::caller();
        self.write(LOCAL, local);
        async move {
            let reload = self.hang_up_at(place).await;
            if !reload.is_refused() {
                fail(place, format!("the settings were not refused:\n{}", reload.lines.join("\n")));
            }
            reload.lines.join("\n")
        }
    }

    /// Sends SIGHUP, and waits until the settings were read again.
    #[track_caller]
    pub fn hang_up(&self) -> impl Future<Output = Reload> {
        self.hang_up_at(Location::caller())
    }

    async fn hang_up_at(&self, place: Place) -> Reload {
        let before = self.log().lines().len();
        self.signal(Signal::HUP);
        self.reloaded_after(before, place).await
    }

    /// Waits until the settings were read again, for whatever reason. `before` is how many lines the log had before that.
    #[track_caller]
    pub fn reloaded(&self, before: usize) -> impl Future<Output = Reload> {
        self.reloaded_after(before, Location::caller())
    }

    async fn reloaded_after(&self, before: usize, place: Place) -> Reload {
        match self.log().lines_from(before, ends).await {
            Some(lines) => Reload { lines },
            None => fail(place, format!("the settings were not read again:\n{}", self.log().lines().join("\n"))),
        }
    }
}

impl Reload {
    /// The settings that have another value now, such as `events.timeout: "10s" -> "1s"`; of secrets only the key.
    #[must_use]
    pub fn changed(&self) -> Vec<String> {
        self.after("changed: ")
    }

    /// The settings that will have another value after a restart.
    #[must_use]
    pub fn needs_restart(&self) -> Vec<String> {
        self.after("needs a restart: ")
    }

    /// The log's lines.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    fn after(&self, beginning: &str) -> Vec<String> {
        let messages = self.lines.iter().map(|line| message(line));
        messages.filter_map(|message| message.strip_prefix(beginning).map(str::to_owned)).collect()
    }

    fn is_refused(&self) -> bool {
        self.lines.last().is_some_and(|line| message(line) == UNCHANGED)
    }
}

/// The last words of a refusal.
const UNCHANGED: &str = "everything stays as it was";

/// Whether a line of the log ends a reload.
fn ends(line: &str) -> bool {
    let message = message(line);
    message.starts_with("reloaded: ") || message == UNCHANGED
}

fn written(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
