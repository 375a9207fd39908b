//! What a person reads at start.

use super::AppState;
use crate::{config::Mongo, registry::Listing};
use std::{collections::BTreeMap, fmt::Write as _, io::Write as _, net::SocketAddr};

/// Prints where the application is, and what it is made of.
pub(super) fn announce(app: &AppState, address: SocketAddr) {
    let text = describe(app, address);
    // nobody listening to standard output is no failure
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn describe(app: &AppState, address: SocketAddr) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:10}{value}");
    };
    line("address", &format!("{}://{address}", app.settings().server.scheme()));
    line("profile", app.config.profile().name());
    line("database", &database(&app.settings().mongo, app.database.is_some()));
    if let Some(dir) = &app.settings().pages.dir {
        line("pages", &dir.display().to_string());
    }
    for (place, count) in count(app.registry.listing()) {
        line("handlers", &format!("{place}: {count}"));
    }
    text
}

fn database(mongo: &Mongo, started: bool) -> String {
    match (started, mongo.is_embedded()) {
        (false, _) => "none, no handler asks for it".to_owned(),
        (true, true) => format!("{} in an embedded MongoDB, {}", mongo.database, mongo.embedded.data_dir.display()),
        (true, false) => format!("{} in the MongoDB of mongo.uri", mongo.database),
    }
}

fn count(listing: &[Listing]) -> BTreeMap<&str, usize> {
    let mut count = BTreeMap::new();
    for line in listing {
        *count.entry(line.namespace.unwrap_or("HTTP")).or_default() += 1;
    }
    count
}
