//! What the configuration promises, from files to settings and messages.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Config, Sources};

mod application;
mod auth_keys;
mod contradictions;
mod explained;
mod follow_ups;
mod layers;
mod mistakes;
mod operators;
mod reread;
mod secrets;
mod shipped;

/// A configuration directory with these files, and sources that read it.
struct Place {
    dir: TempDir,
    sources: Sources,
}

fn place(files: &[(&str, &str)]) -> Place {
    let dir = TempDir::new().expect("a temporary directory");
    for (name, text) in files {
        fs::write(dir.path().join(name), text).expect("a file in it");
    }
    let sources = Sources { dir: dir.path().to_owned(), dir_required: true, ..Sources::default() };
    Place { dir, sources }
}

/// One `local.toml`.
fn local(text: &str) -> Place {
    place(&[("local.toml", text)])
}

/// No files at all.
fn nothing() -> Place {
    place(&[])
}

impl Place {
    fn profile(mut self, name: &str) -> Self {
        self.sources.profile = Some(name.to_owned());
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn set(mut self, argument: &str) -> Self {
        self.sources.overrides.push(argument.to_owned());
        self
    }

    fn load(&self) -> Config {
        Config::load(&self.sources).unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// The message without the directory's name.
    fn errors(&self) -> String {
        let errors = Config::load(&self.sources).expect_err("a wrong configuration");
        self.shorten(&errors.to_string())
    }

    /// The lines of the message after the first.
    fn lines(&self) -> Vec<String> {
        self.errors().lines().skip(1).map(str::to_owned).collect()
    }

    fn shorten(&self, text: &str) -> String {
        let dir = self.dir.path().display().to_string();
        text.replace(&format!("{dir}{}", std::path::MAIN_SEPARATOR), "").replace(&dir, "DIR")
    }
}

/// Where a value was written, without the directory's name.
fn origin(place: &Place, config: &Config, path: &[&str]) -> String {
    config.origin(path).map(|origin| place.shorten(&origin.to_string())).unwrap_or_default()
}

#[test]
fn the_defaults_are_valid_and_documented() {
    let sources = Sources { dir: Path::new("no-such-directory").to_owned(), ..Sources::default() };
    let config = Config::load(&sources).expect("defaults");
    assert_eq!(config.settings(), &super::Settings::default());
    assert_eq!(config.profile().name(), "development");
    assert!(config.warnings().is_empty());

    let schema = super::Settings::schema().to_value();
    let mut undocumented = Vec::new();
    let definitions = schema["$defs"].as_object().expect("definitions");
    for (name, section) in definitions.iter().chain([(&"root".to_owned(), &schema)]) {
        for (key, field) in section["properties"].as_object().into_iter().flatten() {
            if field["description"].as_str().is_none() {
                undocumented.push(format!("{name}.{key}"));
            }
        }
    }
    assert!(undocumented.is_empty(), "{undocumented:?}");
    assert_eq!(schema["$defs"]["Server"]["properties"]["port"]["default"], 3000);
    assert_eq!(schema["$defs"]["Server"]["properties"]["shutdown_timeout"]["default"], "10s");
}
