//! Keys for tests.

use crate::config::{AuthKey, KeyAlgorithm, Secret};

/// A secret for HS256.
pub(in crate::auth) const SECRET: &str = "a secret of more than 32 bytes, known to all";

/// The private key of RFC 8410, section 10.3.
pub(in crate::auth) const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----";

/// The public key that belongs to it, of section 10.1.
pub(in crate::auth) const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----";

/// A key that stands in the configuration itself.
pub(in crate::auth) fn key(id: &str, algorithm: KeyAlgorithm, text: &str) -> AuthKey {
    AuthKey { id: id.to_owned(), algorithm, key: Some(Secret::from(text)), key_file: None }
}
