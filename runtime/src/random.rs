//! Random names.

/// Six bits each, safe in URLs and cookies (RFC 4648, section 5).
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A random name of so many characters, each six bits, from the system's source of randomness.
pub(crate) fn name<const LENGTH: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; LENGTH];
    getrandom::fill(&mut bytes)?;
    let digits = bytes.iter().filter_map(|byte| DIGITS.get(usize::from(byte & 63)));
    Ok(digits.map(|&digit| char::from(digit)).collect())
}
