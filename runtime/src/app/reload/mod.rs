//! New settings while the application runs: all of them, or none.
//!
//! - [`reload`]: reads the settings again, checks them as at start, and only then puts them in force.
//! - `apply`: puts them in force; nothing of that can fail.
//! - `outcome`: tells the log and the metrics.
//! - `watch`: notices that a file has changed.

mod apply;
mod outcome;
mod watch;

pub(super) use watch::reload_when_told;

use super::{AppState, error::Obstacle, found::Found, snapshot::Snapshot, tables::Apply};
use crate::{
    auth::Tokens,
    config::{Change, Config, Reread},
    http::Pages,
    registry::Registry,
};
use std::sync::Arc;

/// What a reload changed.
pub(super) struct Reloaded {
    /// What has another value now.
    changes: Vec<Change>,
    /// What will have another value after a restart.
    waiting: Vec<Change>,
}

/// Settings that were found right, and everything made of them that can fail.
struct Fresh {
    snapshot: Snapshot,
    tokens: Option<Tokens>,
    tables: Vec<Apply>,
}

/// Reads the settings once more, from where they came from, and puts them in force. What needs a restart stays as it is.
///
/// It reads files and computes for a while: not to be called where others wait.
///
/// # Errors
/// Everything that would keep a server from starting with these settings. Then nothing has changed.
pub(super) fn reload(app: &AppState) -> Result<Reloaded, Obstacle> {
    let before = app.snapshot.load_full();
    let Reread { read, config, changes, waiting } = before.config.reread(|table| app.tables.is_read_once(table));
    if !waiting.is_empty() {
        check_next_start(app, &read)?;
    }
    let mut found = Found::of_settings(&config, &read, &app.declared);
    let registry = found.keep(Registry::collect_after(&config, Some(&app.offer), Some(&before.registry)));
    let pages = found.keep(Pages::open(&config));
    let tables = found.keep(app.tables.prepare(&config));
    found.look_at_tls(&config);
    let (Some(registry), Some(pages), Some(tables), true) = (registry, pages, tables, found.is_empty()) else {
        return Err(found.into_obstacle());
    };
    let front = before.front.renewed(&config, pages)?;
    let tokens = app.auth.renewed_tokens(&config)?;
    let snapshot = Snapshot { config, registry: Arc::new(registry), front };
    apply::apply(app, Fresh { snapshot, tokens, tables });
    Ok(Reloaded { changes, waiting })
}

/// Whether a server would start with settings of which some wait for that.
fn check_next_start(app: &AppState, read: &Config) -> Result<(), Obstacle> {
    let mut found = Found::of_settings(read, read, &app.declared);
    found.look_at_server(read);
    let registry = found.keep(Registry::collect(read, Some(&app.offer)));
    found.look_at_database(read, registry.as_ref());
    found.keep(Pages::open(read));
    if found.is_empty() { Ok(()) } else { Err(found.into_obstacle()) }
}
