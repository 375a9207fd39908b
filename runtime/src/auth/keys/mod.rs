//! What tokens are signed and checked with.
//!
//! - [`Keys`]: the key that signs, and all that check.
//! - `material`: what is in a file or in the configuration, as a key of one algorithm.
//! - `development`: the key that the development profile makes for itself.
//! - [`KeyError`]: why a key cannot be used.

mod development;
mod error;
mod material;
#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
mod tests;

pub(crate) use error::KeyError;

use crate::{
    config::{AuthKey, Config, KeyAlgorithm, file_bytes},
    mongo,
};
use error::Which;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use material::Pair;

/// The keys of this process.
pub(super) struct Keys {
    /// Signs new tokens.
    pub signing: SigningKey,
    /// Check tokens. The one that signs is among them.
    pub checking: Vec<CheckingKey>,
}

/// A key that makes tokens.
pub(super) struct SigningKey {
    /// The head of each token: the key's algorithm and id.
    pub header: Header,
    pub key: EncodingKey,
}

/// A key that checks tokens.
pub(super) struct CheckingKey {
    pub id: String,
    /// The only algorithm it is for (RFC 8725, section 3.1).
    pub algorithm: Algorithm,
    pub key: DecodingKey,
}

/// Why keys cannot be used: one sentence at most for each, with its place. None is made.
pub(crate) fn check(config: &Config) -> Vec<String> {
    let settings = config.settings();
    if settings.auth.keys.is_empty() {
        // what is wrong with them, or with the accounts, was said
        let unsure: [&[&str]; 3] = [&["auth", "keys"], &["auth", "accounts"], &["mongo", "embedded", "data_dir"]];
        if unsure.iter().any(|key| config.is_unsure(key)) {
            return Vec::new();
        }
        let data_dir = &settings.mongo.embedded.data_dir;
        let is_made = config.profile().is_development() && !development::is_there(data_dir);
        // its directory is that of the embedded database
        if is_made && settings.mongo.is_embedded() {
            return mongo::check_data_dir(config).into_iter().collect();
        }
        let found = if is_made { development::check(data_dir) } else { Keys::find(config).map(drop) };
        return found.err().map(|error| format!("auth.keys: {error}")).into_iter().collect();
    }
    let keys = settings.auth.keys.iter().enumerate();
    let wrong = keys.filter_map(|(index, key)| {
        let name = index.to_string();
        if config.is_unsure(&["auth", "keys", &name]) { None } else { Some((name, read(key, index == 0).err()?)) }
    });
    wrong
        .map(|(index, error)| format!("{}auth.keys.{index}: {error}", config.place(&["auth", "keys", &index])))
        .collect()
}

impl Keys {
    /// The keys in `auth.keys`, or in development one that is made once and kept.
    pub fn find(config: &Config) -> Result<Self, KeyError> {
        let configured = &config.settings().auth.keys;
        if configured.is_empty() {
            if !config.profile().is_development() {
                return Err(KeyError::Missing);
            }
            let file = development::key_file(&config.settings().mongo.embedded.data_dir)?;
            let id = development::ID.to_owned();
            let made = AuthKey { id, algorithm: KeyAlgorithm::Hs256, key: None, key_file: Some(file) };
            return Self::read(&[made]);
        }
        Self::read(configured)
    }

    /// Reads the keys. The first one has to be able to sign.
    pub fn read(configured: &[AuthKey]) -> Result<Self, KeyError> {
        let mut first = None;
        let mut checking = Vec::with_capacity(configured.len());
        for (index, key) in configured.iter().enumerate() {
            let pair = read(key, index == 0)?;
            let algorithm = algorithm(key.algorithm);
            if let Some(signing) = pair.signing.filter(|_| index == 0) {
                let header = Header { kid: Some(key.id.clone()), ..Header::new(algorithm) };
                first = Some(SigningKey { header, key: signing });
            }
            checking.push(CheckingKey { id: key.id.clone(), algorithm, key: pair.checking });
        }
        Ok(Self { signing: first.ok_or(KeyError::Missing)?, checking })
    }
}

/// Reads one key, which may have to be able to sign.
fn read(key: &AuthKey, has_to_sign: bool) -> Result<Pair, KeyError> {
    let (which, content) = content(key)?;
    let pair = material::pair(key.algorithm, &content, &which)?;
    if has_to_sign && pair.signing.is_none() { Err(KeyError::CannotSign { which }) } else { Ok(pair) }
}

/// What the configuration or a file says, and how to speak of it. White space around a key, such as the last line's end,
/// does not belong to it.
fn content(key: &AuthKey) -> Result<(Which, Vec<u8>), KeyError> {
    let which = Which { id: key.id.clone(), file: key.key_file.clone() };
    let content = match (&key.key, &key.key_file) {
        (Some(text), _) => text.expose().as_bytes().to_vec(),
        (None, Some(file)) => match file_bytes::require(file) {
            Ok(content) => content,
            Err(error) => return Err(KeyError::Read { which, error }),
        },
        (None, None) => return Err(KeyError::Missing),
    };
    Ok((which, content.trim_ascii().to_vec()))
}

fn algorithm(of: KeyAlgorithm) -> Algorithm {
    match of {
        KeyAlgorithm::Hs256 => Algorithm::HS256,
        KeyAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}
