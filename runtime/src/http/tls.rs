//! TLS: what a connection is encrypted with.

use crate::config::{Server, Tls, file_bytes};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, CertificateError, RootCertStore, ServerConfig,
        client::verify_server_cert_signed_by_trust_anchor,
        crypto::ring,
        pki_types::{
            CertificateDer, PrivateKeyDer, SignatureVerificationAlgorithm, UnixTime,
            pem::{self, PemObject},
        },
        server::ParsedCertificate,
    },
};

/// Why connections cannot be encrypted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("server.tls.cert_file: {} {}", path.display(), in_words(error))]
    Certificate { path: PathBuf, error: pem::Error },
    #[error("server.tls.cert_file: {} has no certificate: no PEM section \"BEGIN CERTIFICATE\"", path.display())]
    NoCertificate { path: PathBuf },
    #[error(
        "server.tls.cert_file: the first certificate in {} is not understood: it is no X.509 certificate, or not a whole one",
        path.display()
    )]
    StrangeCertificate { path: PathBuf },
    #[error("server.tls.key_file: {} {}", path.display(), in_words(error))]
    Key { path: PathBuf, error: pem::Error },
    #[error(
        "server.tls.key_file: {} has no private key: no PEM section \"BEGIN PRIVATE KEY\", \"BEGIN RSA PRIVATE KEY\" or \
         \"BEGIN EC PRIVATE KEY\"; an encrypted key has to be decrypted first",
        path.display()
    )]
    NoKey { path: PathBuf },
    #[error(
        "server.tls.key_file: the key in {} is not understood: expected a whole key of RSA, of ECDSA with P-256 or P-384, or of \
         Ed25519",
        path.display()
    )]
    StrangeKey { path: PathBuf },
    #[error(
        "server.tls.key_file: the key in {} is not that of the first certificate in {}",
        key.display(),
        certificate.display()
    )]
    Mismatch { key: PathBuf, certificate: PathBuf },
    #[error("server.tls: {} and {} cannot be used: {error}", certificate.display(), key.display())]
    Unusable { key: PathBuf, certificate: PathBuf, error: rustls::Error },
}

impl TlsError {
    /// The key of the configuration that names what is wrong.
    pub fn key(&self) -> [&'static str; 3] {
        let key = match self {
            Self::Certificate { .. }
            | Self::NoCertificate { .. }
            | Self::StrangeCertificate { .. }
            | Self::Unusable { .. } => "cert_file",
            Self::Key { .. } | Self::NoKey { .. } | Self::StrangeKey { .. } | Self::Mismatch { .. } => "key_file",
        };
        ["server", "tls", key]
    }
}

/// Whether the server's certificate and key can be used, where it has them. Gives a warning of what clients may refuse, or
/// everything that is wrong.
pub(crate) fn check(server: &Server) -> Result<Option<String>, Vec<TlsError>> {
    let Some(tls) = &server.tls else { return Ok(None) };
    match (certificates(&tls.cert_file), private_key(&tls.key_file)) {
        (Ok(_), Ok(_)) => read(tls).map(|(_, warning)| warning).map_err(|error| vec![error]),
        (certificates, key) => Err(certificates.err().into_iter().chain(key.err()).collect()),
    }
}

/// Reads certificate and key, and makes of them what speaks TLS 1.2 and 1.3 with clients. Warns of a certificate whose time
/// has passed, or has not come: the clock may be wrong, and some clients do not mind.
pub(super) fn acceptor(tls: &Tls) -> Result<TlsAcceptor, TlsError> {
    let (acceptor, warning) = read(tls)?;
    if let Some(warning) = warning {
        tracing::warn!("{warning}");
    }
    Ok(acceptor)
}

fn read(tls: &Tls) -> Result<(TlsAcceptor, Option<String>), TlsError> {
    let (certificate, key) = (tls.cert_file.clone(), tls.key_file.clone());
    let failed = |error| match error {
        rustls::Error::InconsistentKeys(_) => TlsError::Mismatch { key: key.clone(), certificate: certificate.clone() },
        error => TlsError::Unusable { key: key.clone(), certificate: certificate.clone(), error },
    };
    let provider = ring::default_provider();
    let (chain, private_key) = (certificates(&tls.cert_file)?, private_key(&tls.key_file)?);
    let warning = untimely(&chain, provider.signature_verification_algorithms.all)
        .map(|problem| format!("server.tls.cert_file: the certificate in {} {problem}", tls.cert_file.display()));
    // named, so that no other crate's choice of a provider for the whole process counts
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_no_client_auth()
        .with_single_cert(chain, private_key)
        .map_err(failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((Arc::new(config).into(), warning))
}

/// The chain, the server's own certificate first.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let failed = |error| TlsError::Certificate { path: path.to_owned(), error };
    let bytes = file_bytes::require(path).map_err(|error| failed(pem::Error::Io(error)))?;
    let chain = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let Some(own) = chain.first() else { return Err(TlsError::NoCertificate { path: path.to_owned() }) };
    if ParsedCertificate::try_from(own).is_err() {
        return Err(TlsError::StrangeCertificate { path: path.to_owned() });
    }
    Ok(chain)
}

/// Whether the server's own certificate is not valid now, in words.
fn untimely(chain: &[CertificateDer<'_>], algorithms: &[&dyn SignatureVerificationAlgorithm]) -> Option<&'static str> {
    let (own, others) = chain.split_first()?;
    let own = ParsedCertificate::try_from(own).ok()?;
    // without authorities it is never trusted, but its time is looked at before that
    let authorities = RootCertStore::empty();
    match verify_server_cert_signed_by_trust_anchor(&own, &authorities, others, UnixTime::now(), algorithms) {
        Err(rustls::Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. })) => {
            Some("has expired: clients refuse it")
        }
        Err(rustls::Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        )) => Some("is not valid yet, or the clock is wrong: clients refuse it"),
        _ => None,
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let bytes = file_bytes::require(path).map_err(pem::Error::Io);
    let key = bytes.and_then(|bytes| PrivateKeyDer::from_pem_slice(&bytes)).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey { path: path.to_owned() },
        error => TlsError::Key { path: path.to_owned(), error },
    })?;
    match ring::sign::any_supported_type(&key) {
        Ok(_) => Ok(key),
        Err(_) => Err(TlsError::StrangeKey { path: path.to_owned() }),
    }
}

/// What is wrong with a file, as the end of a sentence. Nothing of what is in it: it may be a key.
fn in_words(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("cannot be read: {error}"),
        pem::Error::MissingSectionEnd { end_marker } => {
            format!(
                "is cut off: there is no line \"-----END {}-----\"",
                String::from_utf8_lossy(end_marker).escape_debug()
            )
        }
        pem::Error::IllegalSectionStart { .. } => {
            "is no PEM file: a line that begins with \"-----BEGIN \" does not end with \"-----\"".to_owned()
        }
        pem::Error::Base64Decode(_) => {
            "is damaged: between its lines BEGIN and END is something else than base64".to_owned()
        }
        error => format!("cannot be used: {error}"),
    }
}
