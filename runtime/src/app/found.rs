//! Everything that stands in the way of a start or a reload, found one after the other, and told together.

use super::{addresses::addresses, error::Obstacle};
use crate::{
    auth,
    config::{self, AppTable, Config, ConfigErrors},
    http::{self, TlsError},
    mongo,
    registry::Registry,
    traces,
};
use std::path::{Path, PathBuf};

/// Everything that was found so far.
#[derive(Default)]
pub(super) struct Found {
    /// The files of the configuration, the lowest first.
    files: Vec<PathBuf>,
    config: Vec<ConfigErrors>,
    others: Vec<Obstacle>,
    /// What may be behind mistakes of handlers.
    note: Option<String>,
}

impl Found {
    /// What is wrong with settings by themselves: how they are written, the application's declared tables, which are taken
    /// from `read`, and the keys of tokens.
    pub fn of_settings(config: &Config, read: &Config, tables: &[AppTable]) -> Self {
        let mut found = Self { files: config.files().to_vec(), ..Self::default() };
        found.note = config.missing_folder().map(no_folder);
        found.config.extend(config.mistakes().cloned());
        let misspelt = config::find_misspelt_tables(read, tables);
        // one that is misspelt lacks nothing
        let meant =
            |table: &&AppTable| misspelt.as_ref().is_some_and(|misspelt| misspelt.touch(&["app", table.name()]));
        found.config.extend(tables.iter().filter(|table| !meant(table)).filter_map(|table| table.check(read).err()));
        found.config.extend(misspelt);
        if config.settings().auth.accounts.is_some() {
            found.others.extend(auth::check_keys(config).into_iter().map(Obstacle::Setting));
        }
        found
    }

    /// What keeps a server from listening and from telling of itself: its addresses, its certificate, its traces.
    pub fn look_at_server(&mut self, config: &Config) {
        for address in addresses(config) {
            self.keep(address.check(config));
        }
        self.look_at_tls(config);
        self.look_at_traces(config);
    }

    /// What is wrong with the server's certificate and its key.
    pub fn look_at_tls(&mut self, config: &Config) {
        if let Err(errors) = http::check_tls(&config.settings().server) {
            // of a file whose name is wrong, that was said
            let told = errors.into_iter().filter(|error| !config.is_unsure(&error.key()));
            let placed = |error: TlsError| Obstacle::Setting(format!("{}{error}", config.place(&error.key())));
            self.others.extend(told.map(placed));
        }
    }

    /// What keeps the embedded database from being started, where something asks for it: where that is not known, because
    /// there is no `registry`, of what somebody set.
    pub fn look_at_database(&mut self, config: &Config, registry: Option<&Registry>) {
        let is_needed = registry.map_or(config.origin(&["mongo", "embedded"]).is_some(), Registry::needs_database);
        if is_needed {
            for problem in mongo::check_embedded(config) {
                self.add_setting(problem);
            }
        }
    }

    /// Adds what is wrong with one setting, once.
    fn add_setting(&mut self, problem: String) {
        if !self.others.iter().any(|other| matches!(other, Obstacle::Setting(known) if *known == problem)) {
            self.others.push(Obstacle::Setting(problem));
        }
    }

    /// What keeps traces from being sent, whether a collector is there or not.
    fn look_at_traces(&mut self, config: &Config) {
        if !config.is_unsure(&["otlp"]) {
            self.keep(traces::check(config.settings()));
        }
    }

    pub fn add(&mut self, obstacle: impl Into<Obstacle>) {
        match obstacle.into() {
            Obstacle::Config(errors) => self.config.push(errors),
            Obstacle::Noted(obstacle, note) => {
                self.note = Some(note);
                self.add(*obstacle);
            }
            Obstacle::Several(all) => all.into_iter().for_each(|obstacle| self.add(obstacle)),
            one => self.others.push(one),
        }
    }

    /// What came of it; the error is kept.
    pub fn keep<T, E: Into<Obstacle>>(&mut self, outcome: Result<T, E>) -> Option<T> {
        outcome.map_err(|error| self.add(error)).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.config.is_empty() && self.others.is_empty()
    }

    /// All of it, which is one at least: the configuration first.
    pub fn into_obstacle(self) -> Obstacle {
        let config = ConfigErrors::all(self.config, &self.files).map(Obstacle::Config);
        let mut all: Vec<_> = config.into_iter().chain(self.others).collect();
        let of_handlers = all.iter().any(|obstacle| matches!(obstacle, Obstacle::Handlers(_)));
        let all = if all.len() == 1 { all.remove(0) } else { Obstacle::Several(all) };
        match self.note.filter(|_| of_handlers) {
            Some(note) => Obstacle::Noted(Box::new(all), note),
            None => all,
        }
    }
}

/// Most of what handlers miss then, nobody has forgotten: it was not read.
fn no_folder(folder: &Path) -> String {
    let here = std::env::current_dir().map(|here| format!(" in {}", here.display())).unwrap_or_default();
    format!("there is no directory {}{here}, so that no files were read; --config DIR names one", folder.display())
}
