//! Certificates.

use rcgen::{CertificateParams, KeyPair};

/// A certificate that nobody but the test trusts, for `127.0.0.1`.
#[derive(Debug)]
pub struct Certificate {
    /// The certificate, as PEM.
    pub certificate: String,
    /// Its private key, as PEM.
    pub key: String,
}

impl Certificate {
    /// A new one, signed by itself, that never expires.
    #[must_use]
    pub fn new() -> Self {
        Self::made(&names())
    }

    /// One that was valid once.
    #[must_use]
    pub fn expired() -> Self {
        let mut parameters = names();
        parameters.not_after = rcgen::date_time_ymd(2020, 1, 1);
        Self::made(&parameters)
    }

    fn made(parameters: &CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = parameters.self_signed(&key).expect("a certificate can be made");
        Self { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

fn names() -> CertificateParams {
    CertificateParams::new(["127.0.0.1".to_owned()]).expect("an address is a name")
}

impl Default for Certificate {
    fn default() -> Self {
        Self::new()
    }
}
