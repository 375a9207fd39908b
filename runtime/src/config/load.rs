//! The loaded configuration.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode::decode;
use super::inspect::{inspect, inspect_lost};
use super::layer::Lost;
use super::layers::{self, Layers, Sources};
use super::misspelt::{doubled, misspelt};
use super::review::Review;
use super::schema::Shape;
use super::tree::Node;
use super::{ConfigErrors, Contents, Mistake, Origin, Problem, Profile, Settings};

/// Settings that were read and found right, with the origin of each. Clones share their content.
///
/// Inside this crate there are wrong ones, too, without their wrong values: [`read`](Self::read) makes them, so that what
/// looks at the rest reports together with them, and [`mistakes`](Self::mistakes) tells them apart.
#[derive(Clone)]
pub struct Config {
    loaded: Arc<Loaded>,
}

struct Loaded {
    sources: Sources,
    settings: Settings,
    profile: Profile,
    tree: Node,
    lost: Vec<Lost>,
    files: Vec<PathBuf>,
    contents: Contents,
    warnings: Vec<String>,
    mistakes: Option<ConfigErrors>,
    /// Whether every layer could be read.
    complete: bool,
}

impl Config {
    /// Reads all layers and checks them.
    ///
    /// # Errors
    ///
    /// Every mistake in every layer, each with its place. See the [module](super) for what counts
    /// as one.
    pub fn load(sources: &Sources) -> Result<Self, ConfigErrors> {
        let config = Self::read(sources);
        match config.mistakes() {
            None => Ok(config),
            Some(mistakes) => Err(mistakes.clone()),
        }
    }

    /// Reads all layers and checks them: the settings as far as they are right, and what is wrong.
    pub(crate) fn read(sources: &Sources) -> Self {
        let schema = Settings::schema().to_value();
        let mut plain = std::collections::BTreeSet::new();
        Shape::of(&schema, &schema).plain_keys(&mut plain);
        let profile =
            sources.profile.as_deref().map_or_else(|| Ok(Profile::default()), Profile::new).unwrap_or_default();
        // before they are read: what changes meanwhile is read again
        let contents = Contents::of_files(&layers::files(sources, &profile));
        Self::check(sources, layers::collect(sources, &plain), contents, &schema)
    }

    /// Checks what was read.
    fn check(sources: &Sources, layers: Layers, mut contents: Contents, schema: &Value) -> Self {
        let Layers { profile, files, tree, lost, mut problems, mut complete } = layers;
        let mut checked = tree.clone();
        problems.extend(inspect(&mut checked, schema, &[], complete));
        problems.extend(lost.iter().flat_map(|lost| inspect_lost(lost, schema, &[])));
        problems.extend(misspelt(&sources.environment, schema));
        problems.extend(doubled(&sources.environment));
        let settings = decode(&mut checked, &[], complete, &mut problems).unwrap_or_else(|| {
            complete = false;
            if problems.is_empty() {
                problems.push(Problem::general("cannot be decoded"));
            }
            Settings::default()
        });
        let mut review = Review::new(&profile, &tree, &problems, complete);
        settings.review(&mut review);
        let Review { problems: found, warnings, .. } = review;
        problems.extend(found);
        let mistakes = ConfigErrors::check(problems, &files).err();
        contents.add_named(&settings);
        // a folder that was there is not left out when it is read again
        let sources = Sources { dir_required: sources.dir_required || sources.dir.is_dir(), ..sources.clone() };
        let loaded = Loaded { sources, settings, profile, tree, lost, files, contents, warnings, mistakes, complete };
        Self { loaded: Arc::new(loaded) }
    }

    /// Reads everything once more from where this came from, and checks it in the same way. The environment and the overrides
    /// are those of before.
    pub(crate) fn read_again(&self) -> Self {
        Self::read(&self.loaded.sources)
    }

    /// The folder that settings would be read from, if it is not there and nobody asked for it.
    pub(crate) fn missing_folder(&self) -> Option<&Path> {
        let Sources { dir, dir_required, .. } = &self.loaded.sources;
        Some(dir.as_path()).filter(|dir| !dir_required && !dir.as_os_str().is_empty())
    }

    /// What is wrong, if anything is.
    pub(crate) fn mistakes(&self) -> Option<&ConfigErrors> {
        self.loaded.mistakes.as_ref()
    }

    /// Whether something was found wrong with this key, a table it is in, or something in it.
    pub(crate) fn is_wrong(&self, path: &[&str]) -> bool {
        self.mistakes().is_some_and(|mistakes| mistakes.touch(path))
    }

    /// Whether the setting at a path may be another one than somebody wrote: it is wrong, or not everything could be read.
    /// What depends on it is not to be judged, so that one mistake is reported once.
    pub(crate) fn is_unsure(&self, path: &[&str]) -> bool {
        !self.loaded.complete || self.is_wrong(path)
    }

    /// Whether there are accounts, in doubt too.
    pub(crate) fn may_have_accounts(&self) -> bool {
        self.settings().auth.accounts.is_some() || self.is_unsure(&["auth", "accounts"])
    }

    /// The same settings, but for those at these paths, which are as in `other`. What does not go together then is a mistake.
    pub(super) fn with_values_of(&self, other: &Self, paths: &[Vec<String>]) -> Self {
        let Loaded { sources, profile, files, lost, .. } = &*self.loaded;
        let mut tree = self.loaded.tree.clone();
        for path in paths {
            let parts: Vec<_> = path.iter().map(String::as_str).collect();
            tree.put(path, other.loaded.tree.get(&parts).cloned());
        }
        let (profile, files, lost) = (profile.clone(), files.clone(), lost.clone());
        let layers = Layers { profile, files, tree, lost, problems: Vec::new(), complete: true };
        Self::check(sources, layers, self.loaded.contents.clone(), &Settings::schema().to_value())
    }

    /// The merged settings as they were written, without defaults.
    pub(super) fn tree(&self) -> &Node {
        &self.loaded.tree
    }

    /// The files that are read where they are there, the lowest first.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.loaded.files
    }

    /// What was in the files that this was read from, and in those that it names.
    pub(crate) fn contents(&self) -> &Contents {
        &self.loaded.contents
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
    /// let overrides = vec![r#"handlers."/documents".push.timeout=2s"#.to_owned()];
    /// let sources = Sources { dir: "nowhere".into(), overrides, ..Sources::default() };
    /// let config = Config::load(&sources).unwrap();
    /// assert_eq!(config.origin(&["handlers", "/documents", "push"]), Some(&Origin::CommandLine));
    /// ```
    #[must_use]
    pub fn origin(&self, path: &[&str]) -> Option<&Origin> {
        self.loaded.tree.get(path)?.origin.as_ref()
    }

    /// The same as a message begins with it, such as `config/default.toml:3:1: `; nothing for a built-in default.
    pub(crate) fn place(&self, path: &[&str]) -> String {
        self.loaded.tree.origin_of(path).map(|origin| format!("{origin}: ")).unwrap_or_default()
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
        let complete = self.loaded.complete;
        let schema = schema_for!(T).to_value();
        let mut problems = inspect(&mut node, &schema, &base, complete);
        problems.extend(self.loaded.lost.iter().flat_map(|lost| inspect_lost(lost, &schema, &base)));
        let value = decode(&mut node, &base, complete, &mut problems);
        ConfigErrors::check(problems, &self.loaded.files)?;
        value.ok_or_else(|| ConfigErrors::of(format!("app.{name}: cannot be decoded")))
    }

    /// What is wrong with such a table by its type, or else by `check`.
    pub(crate) fn check_app<T: DeserializeOwned + JsonSchema>(
        &self,
        name: &str,
        check: impl Fn(&T) -> Vec<Mistake>,
    ) -> Result<(), ConfigErrors> {
        let value = self.app(name)?;
        let problem = |Mistake { key, message }: Mistake| {
            let path: Vec<_> = ["app", name].into_iter().chain(key.as_deref()).collect();
            let origin = self.origin(&path).or_else(|| self.origin(&["app", name]));
            Problem::of(path.into_iter().map(str::to_owned).collect(), origin.cloned(), message)
        };
        ConfigErrors::check(check(&value).into_iter().map(problem).collect(), &self.loaded.files)
    }
}

/// The settings may hold secrets of the application.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("profile", &self.loaded.profile).finish_non_exhaustive()
    }
}
