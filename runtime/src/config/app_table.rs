//! What an application declares of its own table `[app.<name>]`.

use super::{Config, ConfigErrors, Mistake};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Finds what is wrong in one table.
type Check = Arc<dyn Fn(&Config) -> Result<(), ConfigErrors> + Send + Sync>;

/// A table `[app.<name>]` whose type is known before it is asked for.
pub(crate) struct AppTable {
    pub(super) name: &'static str,
    pub(super) schema: fn(&mut SchemaGenerator) -> Schema,
    /// Whether a reload changes it.
    pub(super) live: bool,
    check: Check,
}

impl AppTable {
    /// The table of this name holds a `T`, as it is at start, which `check` finds right, too.
    pub(crate) fn of<T: DeserializeOwned + JsonSchema>(
        name: &'static str,
        check: impl Fn(&T) -> Vec<Mistake> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            schema: SchemaGenerator::subschema_for::<T>,
            live: false,
            check: Arc::new(move |config| config.check_app(name, &check)),
        }
    }

    /// The same for a table that a reload changes.
    pub(crate) fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// Everything in the table that does not fit its type, or that its check finds wrong. Nothing where it was found that it is no table.
    pub(crate) fn check(&self, config: &Config) -> Result<(), ConfigErrors> {
        if config.is_wrong(&["app", self.name]) { Ok(()) } else { (self.check)(config) }
    }
}
