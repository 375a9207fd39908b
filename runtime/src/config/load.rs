//! The loaded configuration.

use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;

use super::decode::decode;
use super::inspect::inspect;
use super::layers::{self, Layers, Sources};
use super::review::Review;
use super::schema::Shape;
use super::tree::Node;
use super::{ConfigErrors, Origin, Profile, Settings};

/// Settings that were read and found right, with the origin of each. Clones share their content.
#[derive(Clone)]
pub struct Config {
    loaded: Arc<Loaded>,
}

struct Loaded {
    settings: Settings,
    profile: Profile,
    tree: Node,
    files: Vec<std::path::PathBuf>,
    warnings: Vec<String>,
}

impl Config {
    /// Reads all layers and checks them.
    ///
    /// # Errors
    ///
    /// Every mistake in every layer, each with its place. See the [module](super) for what counts
    /// as one.
    pub fn load(sources: &Sources) -> Result<Self, ConfigErrors> {
        let schema = Settings::schema().to_value();
        let mut plain = std::collections::BTreeSet::new();
        Shape::of(&schema, &schema).plain_keys(&mut plain);
        let Layers { profile, files, tree, mut problems, complete } = layers::collect(sources, &plain);

        let mut checked = tree.clone();
        problems.extend(inspect(&mut checked, &schema, &[]));
        let settings: Option<Settings> = decode(&mut checked, &[], &mut problems);
        let mut warnings = Vec::new();
        if let Some(settings) = &settings {
            let mut review = Review::new(&profile, &tree, &problems, complete);
            settings.review(&mut review);
            let found = review.problems;
            warnings = review.warnings;
            problems.extend(found);
        }
        ConfigErrors::check(problems, &files)?;
        let settings = settings.ok_or_else(|| ConfigErrors::of("cannot be decoded".to_owned()))?;
        Ok(Self { loaded: Arc::new(Loaded { settings, profile, tree, files, warnings }) })
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.loaded.settings
    }

    /// The profile in force.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.loaded.profile
    }

    /// Where the value or the table at a path was written; `None` for a built-in default.
    ///
    /// ```
    /// # use lambdio::config::{Config, Origin, Sources};
    /// let overrides = vec![r#"handlers."/documents".edit.timeout=2s"#.to_owned()];
    /// let sources = Sources { dir: "nowhere".into(), overrides, ..Sources::default() };
    /// let config = Config::load(&sources).unwrap();
    /// assert_eq!(config.origin(&["handlers", "/documents", "edit"]), Some(&Origin::CommandLine));
    /// ```
    #[must_use]
    pub fn origin(&self, path: &[&str]) -> Option<&Origin> {
        self.loaded.tree.get(path)?.origin.as_ref()
    }

    /// The same as a message begins with it, such as `config/default.toml:3:1: `; nothing for a built-in default.
    pub(crate) fn place(&self, path: &[&str]) -> String {
        self.origin(path).map(|origin| format!("{origin}: ")).unwrap_or_default()
    }

    /// Unsafe settings that are in force because their key allows them, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.loaded.warnings
    }

    /// Decodes the application's own table `[app.<name>]`. A missing table counts as an empty one.
    ///
    /// Keys that `T` does not name are errors, also without `deny_unknown_fields`.
    ///
    /// ```
    /// # use lambdio::config::{Config, Sources};
    /// #[derive(serde::Deserialize, schemars::JsonSchema)]
    /// struct Mailer {
    ///     host: String,
    /// }
    ///
    /// let overrides = vec!["app.mailer.host=mail.example.org".to_owned()];
    /// let sources = Sources { dir: "nowhere".into(), overrides, ..Sources::default() };
    /// let mailer: Mailer = Config::load(&sources)?.app("mailer")?;
    /// assert_eq!(mailer.host, "mail.example.org");
    /// # Ok::<(), lambdio::config::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Everything in the table that does not fit `T`, each with its place.
    pub fn app<T: DeserializeOwned + JsonSchema>(&self, name: &str) -> Result<T, ConfigErrors> {
        let base = ["app", name];
        let mut node = self.loaded.tree.get(&base).cloned().unwrap_or_else(Node::empty);
        let mut problems = inspect(&mut node, &schema_for!(T).to_value(), &base);
        let value = decode(&mut node, &base, &mut problems);
        ConfigErrors::check(problems, &self.loaded.files)?;
        value.ok_or_else(|| ConfigErrors::of(format!("app.{name}: cannot be decoded")))
    }
}

/// The settings may hold secrets of the application.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("profile", &self.loaded.profile).finish_non_exhaustive()
    }
}
