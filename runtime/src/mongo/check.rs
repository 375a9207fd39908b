//! What keeps the embedded database from being started, by its settings, without starting, fetching or leaving anything.

use super::{connection::options, embedded};
use crate::config::Config;

/// Everything that is wrong, one sentence each with its place. Nothing where the settings name another database.
pub(crate) fn check_embedded(config: &Config) -> Vec<String> {
    let settings = &config.settings().mongo;
    if !settings.is_embedded() || config.is_unsure(&["mongo", "uri"]) {
        return Vec::new();
    }
    let of_binary = ["binary", "cache_dir"].iter().all(|key| !config.is_unsure(&["mongo", "embedded", key]));
    let binary = of_binary.then(|| embedded::look_for_binary(&options(settings)).err()).flatten();
    let binary = binary.map(|wrong| tell(config, &wrong));
    binary.into_iter().chain(check_data_dir(config)).collect()
}

/// Whether the directory of the embedded database, which the key of the development profile is kept in, too, cannot be used.
pub(crate) fn check_data_dir(config: &Config) -> Option<String> {
    if config.is_unsure(&["mongo", "embedded", "data_dir"]) {
        return None;
    }
    let wrong = embedded::look_at_data(&options(&config.settings().mongo)).err()?;
    Some(tell(config, &wrong))
}

fn tell(config: &Config, wrong: &embedded::Wrong) -> String {
    format!("{}{wrong}", config.place(&["mongo", "embedded", wrong.key]))
}
