//! What an application declares of its own table `[app.<name>]`.

use super::{Config, ConfigErrors, Mistake, Problem, nearest};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Tables of the application that are not declared, and are called almost like one that is: nobody would read them.
///
/// Others may be read without having been declared.
pub(crate) fn find_misspelt_tables(config: &Config, tables: &[AppTable]) -> Option<ConfigErrors> {
    let declared: Vec<_> = tables.iter().map(|table| table.name).collect();
    let written = config.settings().app.keys().filter(|name| !declared.contains(&name.as_str()));
    let told = |name: &String| {
        let near = nearest(name, declared.iter().copied())?;
        let message = format!("unknown table; did you mean app.{near}?");
        let [path, meant] = [name, near].map(|name| vec!["app".to_owned(), name.to_owned()]);
        let problem = Problem::of(path, config.origin(&["app", name]).cloned(), message);
        Some(Problem { meant, ..problem })
    };
    ConfigErrors::check(written.filter_map(told).collect(), config.files()).err()
}

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

    /// The last part of its key.
    pub(crate) fn name(&self) -> &'static str {
        self.name
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
