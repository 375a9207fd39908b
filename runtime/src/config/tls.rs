//! `[server.tls]`: encryption.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::Review;

/// Certificate and key, with which the server speaks TLS 1.2 and 1.3. They are read at start and at
/// each reload; connections that are open go on with what they began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// A PEM file with the server's certificate, and after it those that lead to a known authority.
    /// A relative path starts at the working directory.
    pub cert_file: PathBuf,
    /// A PEM file with the certificate's private key, unencrypted: PKCS #8, PKCS #1 or SEC 1. A
    /// relative path starts at the working directory.
    pub key_file: PathBuf,
}

impl Tls {
    pub(super) fn review(&self, review: &mut Review<'_>) {
        for (key, file) in [("cert_file", &self.cert_file), ("key_file", &self.key_file)] {
            if file.as_os_str().is_empty() {
                review.reject(&["server", "tls", key], "must not be empty; name a PEM file");
            }
        }
    }
}
