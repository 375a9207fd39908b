//! The settings in use, and what is made of them.

use crate::{
    config::{Config, Settings},
    http::Front,
    registry::Registry,
};
use arc_swap::Guard;
use std::{ops::Deref, sync::Arc};

/// The settings in use, and what is made of them. A reload makes another one and swaps the two, as a whole.
pub(crate) struct Snapshot {
    pub config: Config,
    pub registry: Arc<Registry>,
    pub front: Front,
}

/// The settings of one moment. They do not change under who looks at them.
///
/// For looking, not for keeping: what awaits something takes out of it what it needs.
pub(crate) struct SettingsInUse(pub(super) Guard<Arc<Snapshot>>);

impl Deref for SettingsInUse {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        self.0.config.settings()
    }
}
