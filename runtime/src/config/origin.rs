//! Where a value was written.

use std::fmt;
use std::path::PathBuf;

/// The place a value comes from. A built-in default has none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A TOML file. Line and column count from one; the column counts characters.
    File {
        /// The file, as the configuration directory was given.
        path: PathBuf,
        /// The line of the key.
        line: usize,
        /// The column of the key.
        column: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
    /// `--set` on the command line.
    CommandLine,
}

impl Origin {
    /// The layer crate keeps one string per value; this is ours.
    pub(super) fn encode(&self) -> String {
        match self {
            Self::File { path, line, column } => format!("file:{line}:{column}:{}", path.display()),
            Self::Environment { variable } => format!("environment:{variable}"),
            Self::CommandLine => "command-line".to_owned(),
        }
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        if let Some(variable) = text.strip_prefix("environment:") {
            return Some(Self::Environment { variable: variable.to_owned() });
        }
        if text == "command-line" {
            return Some(Self::CommandLine);
        }
        let mut parts = text.strip_prefix("file:")?.splitn(3, ':');
        let line = parts.next()?.parse().ok()?;
        let column = parts.next()?.parse().ok()?;
        Some(Self::File { path: parts.next()?.into(), line, column })
    }

    /// Whether the value was given as plain text, so that its type has to be guessed.
    pub(super) fn is_text(&self) -> bool {
        !matches!(self, Self::File { .. })
    }
}

/// `config/local.toml:3`, `LAMBDIO__SERVER__PORT` or `--set`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, .. } => write!(f, "{}:{line}", path.display()),
            Self::Environment { variable } => f.write_str(variable),
            Self::CommandLine => f.write_str("--set"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn an_origin_survives_the_layers() {
        let odd = Origin::File { path: "a:1:2/x.toml".into(), line: 3, column: 14 };
        for origin in [odd, Origin::Environment { variable: "LAMBDIO__A".into() }, Origin::CommandLine] {
            assert_eq!(Origin::decode(&origin.encode()), Some(origin));
        }
    }
}
