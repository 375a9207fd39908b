//! The checks that need decoded values: ranges of durations and sizes, and settings that contradict
//! each other.

use std::fmt::Write as _;
use std::time::Duration;

use super::problem::dotted;
use super::tree::Node;
use super::{ByteSize, Problem, Profile};

/// Longer durations are mistakes, and later sums with the clock must not overflow.
const LONGEST: Duration = Duration::from_hours(24 * 3650);

/// Collects what the sections find wrong with their values.
pub(super) struct Review<'a> {
    profile: &'a Profile,
    tree: &'a Node,
    known: &'a [Problem],
    complete: bool,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Review<'a> {
    /// `known` are the problems found before. `complete` says that every layer could be read.
    pub(super) fn new(profile: &'a Profile, tree: &'a Node, known: &'a [Problem], complete: bool) -> Self {
        Self { profile, tree, known, complete, problems: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn profile(&self) -> &'a Profile {
        self.profile
    }

    /// Whether somebody wrote this key, or something in this table.
    pub(super) fn is_written(&self, path: &[&str]) -> bool {
        self.tree.get(path).is_some()
    }

    /// The value of this key is wrong in itself.
    pub(super) fn reject(&mut self, path: &[&str], message: impl Into<String>) {
        let origin = self.tree.origin_of(path).cloned();
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.problems.push(Problem::of(path, origin, message));
    }

    /// The values of these keys do not go together. It is said of the first, with the places of the others.
    ///
    /// Not reported if one of them has a problem of its own, or could not be read: its default
    /// would be judged.
    pub(super) fn contradict(&mut self, paths: &[&[&str]], message: impl Into<String>) {
        let unsure = |path: &&[&str]| self.known.iter().chain(&self.problems).any(|problem| problem.touches(path));
        if self.complete
            && !paths.iter().any(unsure)
            && let Some((first, others)) = paths.split_first()
        {
            let mut message = message.into();
            for other in others {
                if let Some(origin) = self.tree.origin_of(other) {
                    let _ = write!(message, " ({} is at {origin})", dotted(other));
                }
            }
            self.reject(first, message);
        }
    }

    /// The setting is unsafe, and allowed by this key.
    pub(super) fn warn(&mut self, allowed_by: &[&str], message: impl AsRef<str>) {
        let place = self.place(allowed_by);
        self.warnings.push(format!("{}; allowed by {}{place}", message.as_ref(), dotted(allowed_by)));
    }

    /// A duration that cannot be zero.
    pub(super) fn positive(&mut self, path: &[&str], duration: Duration) {
        if duration.is_zero() {
            self.reject(path, "must be longer than zero");
        }
        self.not_endless(path, duration);
    }

    /// A duration that can be added to the present time.
    pub(super) fn not_endless(&mut self, path: &[&str], duration: Duration) {
        if duration > LONGEST {
            self.reject(path, "must be at most 3650days");
        }
    }

    /// A size that cannot be zero.
    pub(super) fn not_empty(&mut self, path: &[&str], size: ByteSize) {
        if size.bytes() == 0 {
            self.reject(path, "must be at least one byte");
        }
    }

    /// A path that something is served at, or below; false where it is none, unlike the example.
    pub(super) fn path(&mut self, path: &[&str], value: &str, example: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        let is_right = value.starts_with('/') && !value.ends_with('/') && !value.contains("//");
        let is_right = is_right && value.chars().all(plain);
        if !is_right {
            self.reject(
                path,
                format!(
                    "must begin with \"/\", not end with it, and have nothing but letters, digits, single \"/\" and - . _ ~, \
                     as in \"{example}\""
                ),
            );
        }
        is_right
    }

    /// ` (config/local.toml:3)`, or nothing for a built-in default.
    pub(super) fn place(&self, path: &[&str]) -> String {
        self.tree.origin_of(path).map(|origin| format!(" ({origin})")).unwrap_or_default()
    }
}
