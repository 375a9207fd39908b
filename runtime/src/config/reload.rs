//! `[reload]`: when the settings are read again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a running server reads its settings again. The signal SIGHUP always does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reload {
    /// Whether the settings are read again as soon as one of their files changes, or a key or a certificate that they name.
    /// Default true.
    pub watch: bool,
}

impl Default for Reload {
    fn default() -> Self {
        Self { watch: true }
    }
}
