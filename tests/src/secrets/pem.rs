//! PEM (RFC 7468).

/// The lines of base64 inside private keys. Certificates and public keys are no secrets.
pub(super) fn private_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut is_private = false;
    text.lines().map(str::trim).filter(move |line| {
        if line.starts_with("-----") {
            is_private = line.starts_with("-----BEGIN ") && line.contains("PRIVATE KEY");
            return false;
        }
        is_private
    })
}
