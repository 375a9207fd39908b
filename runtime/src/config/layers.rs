//! What the configuration is read from, and the layers in their order.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::layer::{Lost, Merged};
use super::nearest::nearest;
use super::tree::Node;
use super::{Problem, Profile, environment, misspelt, overrides, toml_file};

/// What the configuration is read from.
///
/// `Default` reads the directory `config` if it is there, in the profile `development`, without
/// environment and overrides.
#[derive(Clone)]
pub struct Sources {
    /// The directory with `default.toml` and the others. A relative path starts at the working
    /// directory.
    pub dir: PathBuf,
    /// Whether it is an error if that directory is missing, as when someone named it explicitly.
    pub dir_required: bool,
    /// The profile, by default `development`.
    pub profile: Option<String>,
    /// Environment variables. Those that begin with `LAMBDIO__` are settings; others that begin with `LAMBDIO_` are errors where
    /// they are like one, such as `LAMBDIO_SERVER_PORT`. All others are not looked at.
    pub environment: Vec<(String, String)>,
    /// `key=value` pairs, a later one wins: `handlers."/documents".push.timeout=2s`.
    pub overrides: Vec<String>,
}

impl Sources {
    /// The environment of this process. What is not Unicode is replaced by U+FFFD.
    #[must_use]
    pub fn process_environment() -> Vec<(String, String)> {
        std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .filter(|(name, _)| misspelt::is_ours(name))
            .collect()
    }
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            dir: "config".into(),
            dir_required: false,
            profile: None,
            environment: Vec::new(),
            overrides: Vec::new(),
        }
    }
}

/// Values from the environment and from overrides may be secret.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("dir", &self.dir)
            .field("dir_required", &self.dir_required)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// The merged layers.
pub(super) struct Layers {
    pub(super) profile: Profile,
    /// The files that may be there, the lowest first.
    pub(super) files: Vec<PathBuf>,
    pub(super) tree: Node,
    /// What is not in it, and was of another kind than what is.
    pub(super) lost: Vec<Lost>,
    pub(super) problems: Vec<Problem>,
    /// Whether every layer could be read.
    pub(super) complete: bool,
}

/// The files that may be there, the lowest first.
pub(super) fn files(sources: &Sources, profile: &Profile) -> Vec<PathBuf> {
    ["default", profile.name(), "local"].map(|name| sources.dir.join(format!("{name}.toml"))).to_vec()
}

/// Reads and merges all layers. `plain` are the keys that hold no secrets.
pub(super) fn collect(sources: &Sources, plain: &BTreeSet<String>) -> Layers {
    let mut problems = Vec::new();
    let profile = match sources.profile.as_deref().map(Profile::new) {
        None => Profile::default(),
        Some(Ok(profile)) => profile,
        Some(Err(message)) => {
            problems.push(Problem::general(message));
            Profile::default()
        }
    };
    let files = files(sources, &profile);
    let mut merged = Merged::new();
    if sources.dir.is_dir() {
        for file in &files {
            match toml_file::read(file, plain) {
                Ok(Some(layer)) => merged.lay(layer),
                Ok(None) => {}
                Err(errors) => problems.extend(errors),
            }
        }
    } else if sources.dir_required || sources.dir.exists() {
        problems.push(Problem::general(format!("there is no directory {}", sources.dir.display())));
    }
    problems.extend(missing_profile(&profile, &sources.dir));
    environment::lay(&sources.environment, &mut merged);
    overrides::lay(&sources.overrides, &mut merged, &mut problems);
    let lost = merged.lost();
    let tree = Node::from(merged.root);
    Layers { profile, files, tree, lost, complete: problems.is_empty(), problems }
}

/// A profile of one's own is its file; a misspelt name must not run as an empty profile.
fn missing_profile(profile: &Profile, dir: &Path) -> Option<Problem> {
    let file = dir.join(format!("{profile}.toml"));
    if profile.is_development() || profile.is_production() || file.exists() {
        return None;
    }
    let mut names = BTreeSet::from([Profile::DEVELOPMENT.to_owned(), Profile::PRODUCTION.to_owned()]);
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if let Some(Ok(profile)) = name.to_str().and_then(|name| name.strip_suffix(".toml")).map(Profile::new) {
            names.insert(profile.name().to_owned());
        }
    }
    let near = nearest(profile.name(), names.iter().map(String::as_str));
    let suggestion = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    Some(Problem::general(format!(
        "there is no profile {profile}: {} does not exist; profiles are {}{suggestion}",
        file.display(),
        names.join(", ")
    )))
}
