//! Values as TOML writes them, on one line where that can be.

use serde_json::Value;

/// The value; `None` for what TOML cannot say, which is `null`.
pub(super) fn of(value: &Value) -> Option<String> {
    toml::Value::try_from(value).ok().map(|value| value.to_string())
}
