//! What is in a file or in the configuration, as a key of one algorithm.

use super::error::{KeyError, Which};
use crate::config::{KeyAlgorithm, SHORTEST_SECRET};
use ed25519_dalek::{
    SigningKey, VerifyingKey,
    pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey},
};
use jsonwebtoken::{DecodingKey, EncodingKey};

/// Both sides of a key.
pub(super) struct Pair {
    /// None where only the public half of a key is there.
    pub signing: Option<EncodingKey>,
    pub checking: DecodingKey,
}

/// Makes a key of its content, without white space around it.
pub(super) fn pair(algorithm: KeyAlgorithm, content: &[u8], which: &Which) -> Result<Pair, KeyError> {
    match algorithm {
        KeyAlgorithm::Hs256 => secret(content, which),
        KeyAlgorithm::EdDsa => ed25519(content).ok_or_else(|| KeyError::NotEd25519 { which: which.clone() }),
    }
}

/// A secret for HMAC.
///
/// PEM is refused: were a public key taken for a secret, everybody could make tokens (RFC 8725, section 2.1).
fn secret(content: &[u8], which: &Which) -> Result<Pair, KeyError> {
    if content.starts_with(b"-----BEGIN ") {
        return Err(KeyError::PemForHs256 { which: which.clone() });
    }
    if content.len() < SHORTEST_SECRET {
        return Err(KeyError::Short { which: which.clone() });
    }
    Ok(Pair { signing: Some(EncodingKey::from_secret(content)), checking: DecodingKey::from_secret(content) })
}

/// A private key (PKCS #8, RFC 8410) or a public one, in PEM. A weak public key, under which one signature fits many
/// messages, is none.
fn ed25519(content: &[u8]) -> Option<Pair> {
    let pem = str::from_utf8(content).ok()?;
    let (signing, public) = match SigningKey::from_pkcs8_pem(pem) {
        Ok(private) => {
            let der = private.to_pkcs8_der().ok()?;
            (Some(EncodingKey::from_ed_der(der.as_bytes())), private.verifying_key())
        }
        Err(_) => (None, VerifyingKey::from_public_key_pem(pem).ok()?),
    };
    if public.is_weak() {
        return None;
    }
    Some(Pair { signing, checking: DecodingKey::from_ed_der(public.as_bytes()) })
}
