//! What a person reads at start.
//!
//! One [`Announcement`] in two forms: aligned lines for people, and where the log is JSON one JSON object on a line, so that
//! who collects standard output finds nothing else there.

use super::AppState;
use crate::{
    config::{Access, Config, LogFormat},
    registry::Registry,
};
use serde_json::{Map, Value};
use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _, stdout},
    net::SocketAddr,
    path::PathBuf,
    thread,
};

/// Columns before what is said.
const INDENT: usize = 10;

/// Prints where the application is, and what it is made of. Nobody waits for standard output: who reads it may sleep.
pub(super) fn announce(app: &AppState, address: SocketAddr, metrics: Option<SocketAddr>) {
    let announcement = Announcement::of(app, address, metrics);
    let text = match app.settings().log.format {
        LogFormat::Json => announcement.json(),
        LogFormat::Text => announcement.text(stdout().is_terminal()),
    };
    // nobody listening to it is no failure
    let print = move || drop(stdout().lock().write_all(text.as_bytes()));
    if let Err(error) = thread::Builder::new().name("lambdio-start".to_owned()).spawn(print) {
        tracing::warn!(%error, "where the server is cannot be printed");
    }
}

/// Facts in the order in which they are said.
#[derive(Default)]
struct Announcement(Vec<Fact>);

/// A name and what there is of it, each of two columns, of which the second may be empty.
struct Fact {
    name: &'static str,
    values: Vec<[String; 2]>,
}

impl Announcement {
    fn of(app: &AppState, address: SocketAddr, metrics: Option<SocketAddr>) -> Self {
        let (settings, config, registry) = (app.settings(), app.config(), app.registry());
        let url = format!("{}://{address}", settings.server.scheme());
        let mut facts = Self::default();
        facts.say("program", [format!("{}, on lambdio {}", program(), env!("CARGO_PKG_VERSION"))]);
        facts.say("address", [url.clone()]);
        facts.say("public", settings.server.public_urls.clone());
        facts.say_all("profile", vec![[config.profile().name().to_owned(), files(&config)]]);
        facts.say("database", [database(app)]);
        facts.say("pages", settings.pages.dir.iter().map(|dir| dir.display().to_string()));
        facts.say("accounts", settings.auth.accounts.iter().map(|_| "on, below /auth".to_owned()));
        facts.say("health", settings.health.paths().into_iter().map(|[_, ready]| url.clone() + &ready));
        facts.say("metrics", metrics.map(|metrics| format!("http://{metrics}/metrics")));
        facts.say_all("handlers", handlers(&registry));
        facts.say("routes", routes(&registry));
        facts.say("unsafe", config.warnings().iter().cloned());
        facts
    }

    fn say(&mut self, name: &'static str, values: impl IntoIterator<Item = String>) {
        self.say_all(name, values.into_iter().map(|value| [value, String::new()]).collect());
    }

    fn say_all(&mut self, name: &'static str, values: Vec<[String; 2]>) {
        if !values.is_empty() {
            self.0.push(Fact { name, values });
        }
    }

    /// Lines with columns. Who sits before a terminal is told how to stop.
    fn text(&self, terminal: bool) -> String {
        let mut text = String::new();
        for Fact { name, values } in &self.0 {
            let widest = values.iter().map(|[first, _]| first.chars().count()).max().unwrap_or_default();
            let mut name = *name;
            for [first, second] in values {
                let line = format!("{name:INDENT$}{first:widest$}  {second}");
                let _ = writeln!(text, "{}", line.trim_end());
                name = "";
            }
        }
        if terminal {
            let _ = writeln!(text, "{:INDENT$}Ctrl-C", "stop");
        }
        text
    }

    /// One object on one line, in the form of the log's own.
    fn json(&self) -> String {
        let mut object = Map::new();
        let now = humantime::format_rfc3339_micros(std::time::SystemTime::now());
        object.insert("timestamp".to_owned(), now.to_string().into());
        object.insert("level".to_owned(), "INFO".into());
        object.insert("message".to_owned(), "serving".into());
        for Fact { name, values } in &self.0 {
            let said = |[first, second]: &[String; 2]| Value::from(format!("{first} {second}").trim_end());
            let value = match values.as_slice() {
                [one] if !matches!(*name, "handlers" | "unsafe" | "public") => said(one),
                all => all.iter().map(said).collect(),
            };
            object.insert((*name).to_owned(), value);
        }
        format!("{}\n", Value::Object(object))
    }
}

/// The name of the file that runs.
fn program() -> String {
    let path = std::env::current_exe().ok();
    let name = path.as_deref().and_then(|path| path.file_stem()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "a program".to_owned())
}

/// The files of the configuration that are there.
fn files(config: &Config) -> String {
    let there: Vec<&PathBuf> = config.files().iter().filter(|file| file.is_file()).collect();
    if there.is_empty() {
        return "built-in settings, no files".to_owned();
    }
    there.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn database(app: &AppState) -> String {
    let mongo = &app.settings().mongo;
    match (app.database.is_some(), mongo.is_embedded()) {
        (false, _) => "none, no handler asks for it".to_owned(),
        (true, true) => format!("{} in an embedded MongoDB, {}", mongo.database, mongo.embedded.data_dir.display()),
        (true, false) => format!("{} in the MongoDB of mongo.uri", mongo.database),
    }
}

/// Each namespace with the number of its events, and who may enter.
fn handlers(registry: &Registry) -> Vec<[String; 2]> {
    let namespaces = registry.namespaces().iter().map(|entry| {
        let access = match entry.policy.access {
            Access::None => "",
            Access::Optional => ", with or without a login",
            Access::Required => ", login required",
        };
        [entry.path.to_owned(), format!("{}{access}", counted(entry.events.len(), "event"))]
    });
    namespaces.collect()
}

fn routes(registry: &Registry) -> Option<String> {
    let count = registry.routes().len();
    (count > 0).then(|| counted(count, "HTTP route"))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
