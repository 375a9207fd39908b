//! The profile: what kind of place the process runs in.

use std::fmt;

/// The name of a profile. It selects `<profile>.toml` and how strict the checks are.
///
/// Two profiles are always there. `development`, the default, is for one's own machine: loopback,
/// an embedded database, a generated key. `production` refuses settings that are unsafe. Any other
/// name needs a file of that name and gets the checks of neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile(String);

impl Profile {
    pub(super) const DEVELOPMENT: &str = "development";
    pub(super) const PRODUCTION: &str = "production";

    /// Takes a name of lower-case letters, digits, `-` and `_`, since it becomes a file name.
    pub(super) fn new(name: &str) -> Result<Self, String> {
        if matches!(name, "default" | "local") {
            return Err(format!("profile {name:?}: {name}.toml is read in every profile and cannot be one"));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!("profile {name:?}: a name has only lower-case letters, digits, - and _"));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name, for example `development`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether this is the profile `production`.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.0 == Self::PRODUCTION
    }

    /// Whether this is the profile `development`.
    #[must_use]
    pub fn is_development(&self) -> bool {
        self.0 == Self::DEVELOPMENT
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self(Self::DEVELOPMENT.to_owned())
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
