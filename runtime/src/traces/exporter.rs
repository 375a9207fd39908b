//! How spans are sent: OTLP over HTTP, in protobuf.

use super::client::{Client, Heard, LastHeard, Rejected};
use crate::config::Otlp;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry::KeyValue;
use opentelemetry_http::HttpClient;
use opentelemetry_otlp::{ExporterBuildError, Protocol, RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SpanData, SpanExporter as _},
};
use std::{io, sync::Arc, time::Duration};
use tokio::time::timeout;
use tokio_rustls::rustls::crypto::ring;

/// How long a collector may take to answer, tries of the same spans included.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often spans are tried again where a collector asks for that.
const TRIES: usize = 2;

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TracesError {
    #[error("otlp: {0}")]
    Exporter(#[from] ExporterBuildError),
    #[error("otlp.endpoint: no certificates of authorities are found on this machine, which https needs: {0}")]
    Certificates(io::Error),
}

/// Sends spans to a collector.
pub(super) struct Exporter {
    sender: SpanExporter,
    heard: LastHeard,
    address: String,
}

impl Exporter {
    /// To the collector of the settings. Further headers come from the environment variable `OTEL_EXPORTER_OTLP_HEADERS`,
    /// further attributes of the resource from `OTEL_RESOURCE_ATTRIBUTES`.
    pub fn new(settings: &Otlp) -> Result<Self, TracesError> {
        let address = format!("{}/v1/traces", settings.endpoint.trim_end_matches('/'));
        let heard = LastHeard::default();
        let headers = settings.headers.iter().map(|(name, value)| (name.clone(), value.expose().to_owned()));
        let mut sender = SpanExporter::builder()
            .with_http()
            .with_shared_http_client(client(&address, &heard)?)
            .with_endpoint(address.clone())
            .with_headers(headers.collect())
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .with_retry_policy(RetryPolicy::default().with_max_retries(TRIES))
            .build()?;
        let version = settings.service_version.clone().map(|version| KeyValue::new("service.version", version));
        let resource = Resource::builder().with_service_name(settings.service_name.clone()).with_attributes(version);
        sender.set_resource(&resource.build());
        Ok(Self { sender, heard, address })
    }

    /// Where spans are sent.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends spans, and gives back which of them the collector did not take. The error says why none arrived.
    pub async fn send(&self, spans: Vec<SpanData>) -> Result<Rejected, String> {
        self.heard.take();
        let sent = timeout(TIMEOUT, self.sender.export(spans)).await;
        match (sent, self.heard.take()) {
            (Ok(Ok(())), Heard::Rejected(rejected)) => Ok(rejected),
            (Ok(Ok(())), _) => Ok(Rejected::default()),
            (Ok(Err(_)), Heard::Failure(failure)) => Err(failure),
            (Ok(Err(error)), _) => Err(error.to_string()),
            (Err(_), _) => Err(format!("no answer within {TIMEOUT:?}")),
        }
    }
}

fn client(address: &str, heard: &LastHeard) -> Result<Arc<dyn HttpClient>, TracesError> {
    if !address.starts_with("https:") {
        return Ok(Arc::new(Client::new(HttpConnector::new(), heard.clone())));
    }
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(ring::default_provider())
        .map_err(TracesError::Certificates)?
        .https_only()
        .enable_http1()
        .build();
    Ok(Arc::new(Client::new(connector, heard.clone())))
}
