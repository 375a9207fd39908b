//! What the settings say of HTTP, made ready.

use super::{
    Pages,
    connection::Terms,
    origin::Origins,
    proxies::TrustedProxies,
    tls::{self, TlsError},
};
use crate::{config::Config, metrics::NetworkMetrics};
use std::{net::SocketAddr, sync::Arc};
use tokio_rustls::TlsAcceptor;

/// What the settings say of HTTP, made ready: part of the snapshot that a reload swaps.
pub(crate) struct Front {
    pub(super) origins: Origins,
    pub(super) proxies: TrustedProxies,
    pub(super) pages: Option<Arc<Pages>>,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
}

impl Front {
    /// For clients that reach the server at `address`, with TLS or without.
    pub fn new(config: &Config, pages: Option<Pages>, address: SocketAddr, tls: Option<TlsAcceptor>) -> Self {
        Self {
            origins: Origins::new(config, address),
            proxies: TrustedProxies::new(&config.settings().server),
            pages: pages.map(Arc::new),
            tls,
            address,
        }
    }

    /// The same as other settings have it: certificate and key are read again. Address, and whether there is TLS, stay.
    ///
    /// # Errors
    /// The certificate or its key cannot be used.
    pub fn renewed(&self, config: &Config, pages: Option<Pages>) -> Result<Self, TlsError> {
        let settings = config.settings().server.tls.as_ref().filter(|_| self.tls.is_some());
        let tls = settings.map(tls::acceptor).transpose()?;
        Ok(Self::new(config, pages, self.address, tls))
    }

    /// What holds for connections that come now.
    pub(super) fn terms(&self, config: &Config, metrics: &NetworkMetrics) -> Terms {
        Terms::new(&config.settings().server, self.tls.clone(), metrics.clone())
    }
}
