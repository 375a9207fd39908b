//! Why a key cannot be used. The key itself is never shown.

use crate::config::SHORTEST_SECRET;
use std::{fmt, io, path::PathBuf};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("there is no key to sign tokens with: set auth.keys")]
    Missing,
    #[error("{which} cannot be read: {error}")]
    Read { which: Which, error: io::Error },
    #[error("{which} is shorter than {SHORTEST_SECRET} bytes; white space around it does not count")]
    Short { which: Which },
    #[error(
        "{which} is PEM, and no secret for HS256: set its algorithm = \"EdDSA\", or give it {SHORTEST_SECRET} random bytes"
    )]
    PemForHs256 { which: Which },
    #[error(
        "{which} is no key for EdDSA: expected a private key in PEM, as `openssl genpkey -algorithm ed25519` writes it, or \
         a public one, as `openssl pkey -pubout` does"
    )]
    NotEd25519 { which: Which },
    #[error(
        "{which} is a public key, which cannot sign; the first one of auth.keys has to be a private key or a secret"
    )]
    CannotSign { which: Which },
    #[error("a key could not be made in {}: {error}", path.display())]
    Make { path: PathBuf, error: io::Error },
}

/// Which key is meant: its id, and its file where it has one.
#[derive(Debug, Clone)]
pub(crate) struct Which {
    pub id: String,
    pub file: Option<PathBuf>,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key {:?}", self.id)?;
        match &self.file {
            Some(file) => write!(f, " in {}", file.display()),
            None => Ok(()),
        }
    }
}
