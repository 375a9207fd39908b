//! Where secrets are in what programs are given.

use super::{Kind, pem, sightings::Sightings};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::path::Path;

/// In `KEY=VALUE`, whose value is TOML, or text.
pub(super) fn in_setting(key_and_value: &str) -> Sightings {
    let mut sightings = Sightings::default();
    match toml::from_str::<Value>(key_and_value) {
        Ok(settings) => tree(&settings, &mut sightings),
        Err(_) => {
            let (key, value) = key_and_value.split_once('=').unwrap_or_default();
            let name = key.rsplit('.').next().unwrap_or_default();
            text(name.trim().trim_matches('"'), value.trim(), &mut sightings);
        }
    }
    sightings
}

/// In an environment variable, as in `LAMBDIO__AUTH__KEY`.
pub(super) fn in_variable(name: &str, value: &str) -> Sightings {
    let key = name.trim_start_matches("LAMBDIO__").replace("__", ".").to_ascii_lowercase();
    in_setting(&format!("{key}={value}"))
}

/// In a file: settings in TOML, private keys in PEM, and all of a file whose name says that it is one secret.
pub(super) fn in_file(path: &Path, content: &str) -> Sightings {
    let mut sightings = Sightings::default();
    if path.extension().is_some_and(|extension| extension == "toml") {
        // one that does not parse is a mistake the test is about
        tree(&toml::from_str(content).unwrap_or_default(), &mut sightings);
        return sightings;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if content.contains("-----BEGIN ") {
        pem::private_lines(content).for_each(|line| sightings.add(line, Kind::Key));
    } else if name == "password" {
        sightings.add(content.trim(), Kind::DatabasePassword);
    } else if name.contains("key") || name.contains("secret") {
        sightings.add(content.trim(), Kind::Key);
    }
    sightings
}

fn tree(settings: &Value, sightings: &mut Sightings) {
    match settings {
        Value::Object(tables) => {
            for (name, value) in tables {
                match value {
                    Value::String(value) => text(name, value, sightings),
                    _ => tree(value, sightings),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| tree(value, sightings)),
        _ => {}
    }
}

fn text(name: &str, value: &str, sightings: &mut Sightings) {
    match name {
        "key" | "secret" => sightings.add(value, Kind::Key),
        "password" => sightings.add(value, Kind::Password),
        "uri" => password(value, sightings),
        _ => {}
    }
}

/// The password in `mongodb://user:password@host`, as it is written and as it is meant.
fn password(uri: &str, sightings: &mut Sightings) {
    let authority = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let Some((user, _)) = authority.rsplit_once('@') else { return };
    let Some((_, password)) = user.split_once(':') else { return };
    sightings.add(password, Kind::DatabasePassword);
    sightings.add(&percent_decode_str(password).decode_utf8_lossy(), Kind::DatabasePassword);
}
