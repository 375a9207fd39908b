//! The application's own tables, `[app.<name>]`, as far as it asked for them.

use crate::config::{Config, ConfigErrors};
use arc_swap::ArcSwap;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The application's own settings, from `[app.<name>]`, as they are now: a reload changes them. Made by
/// [`App::live_settings`](crate::App::live_settings). Clones are the same settings.
///
/// ```no_run
/// use lambdio::{Live, prelude::*};
///
/// #[payload]
/// struct Shop { open: bool }
///
/// #[handler(namespace = "/shop", event = "buy")]
/// async fn buy(shop: Provided<Live<Shop>>) -> bool {
///     shop.get().open
/// }
///
/// fn main() -> lambdio::ExitCode {
///     lambdio::App::new()
///         .live_settings::<Shop>("shop")
///         .run()
/// }
/// ```
pub struct Live<T>(Arc<ArcSwap<T>>);

impl<T> Live<T> {
    /// The settings of this moment. What is to go together is taken from one call.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.0.load_full()
    }
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The values may be secret.
impl<T> fmt::Debug for Live<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

/// Puts settings in force that were found right.
pub(super) type Apply = Box<dyn FnOnce() + Send>;

/// The tables that the application asked for.
#[derive(Default)]
pub(crate) struct Tables(Mutex<Asked>);

#[derive(Default)]
struct Asked {
    once: BTreeSet<String>,
    live: Vec<Box<dyn Table>>,
}

/// A table whose settings change.
trait Table: Send + Sync {
    /// `None` where it was found before that it is no table.
    fn prepare(&self, config: &Config) -> Result<Option<Apply>, ConfigErrors>;
}

struct LiveTable<T> {
    name: String,
    settings: Live<T>,
}

impl Tables {
    /// A table was read that stays as it is.
    pub fn read_once(&self, name: &str) {
        self.asked().once.insert(name.to_owned());
    }

    /// Reads a table that may change.
    pub fn live<T>(&self, config: &Config, name: &str) -> Result<Live<T>, ConfigErrors>
    where
        T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
    {
        let settings = Live(Arc::new(ArcSwap::from_pointee(config.app(name)?)));
        let table = LiveTable { name: name.to_owned(), settings: settings.clone() };
        self.asked().live.push(Box::new(table));
        Ok(settings)
    }

    /// Whether a table was read that stays as it is.
    pub fn is_read_once(&self, name: &str) -> bool {
        self.asked().once.contains(name)
    }

    /// Reads all tables that may change, and changes none. The error has what is wrong in all of them.
    pub fn prepare(&self, config: &Config) -> Result<Vec<Apply>, ConfigErrors> {
        let (mut applies, mut wrong) = (Vec::new(), Vec::new());
        for table in &self.asked().live {
            match table.prepare(config) {
                Ok(apply) => applies.extend(apply),
                Err(errors) => wrong.push(errors),
            }
        }
        ConfigErrors::all(wrong, config.files()).map_or(Ok(applies), Err)
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + Sync + 'static> Table for LiveTable<T> {
    fn prepare(&self, config: &Config) -> Result<Option<Apply>, ConfigErrors> {
        if config.is_wrong(&["app", &self.name]) {
            return Ok(None);
        }
        let read = Arc::new(config.app(&self.name)?);
        let settings = self.settings.clone();
        Ok(Some(Box::new(move || settings.0.store(read))))
    }
}
