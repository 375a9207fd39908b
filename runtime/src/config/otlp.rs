//! `[otlp]`: where traces are sent.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Uri};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::review::Review;

/// Where traces of OpenTelemetry are sent: to a collector, with OTLP over HTTP, in protobuf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Otlp {
    /// The collector's address, such as `http://127.0.0.1:4318`. `/v1/traces` is added to it. With https its certificate has
    /// to come from an authority that this machine knows. Required.
    #[schemars(extend("x-restart" = true))]
    pub endpoint: String,
    /// Headers for the collector, such as `authorization` with a key. Default none. Those of the environment variable
    /// `OTEL_EXPORTER_OTLP_HEADERS` are sent, too, and win.
    #[serde(default)]
    #[schemars(extend("x-restart" = true))]
    pub headers: BTreeMap<String, Secret>,
    /// What the collector calls this service: `service.name`. Default "lambdio".
    #[serde(default = "service_name")]
    #[schemars(extend("x-restart" = true))]
    pub service_name: String,
    /// The version of this service: `service.version`. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-restart" = true))]
    pub service_version: Option<String>,
    /// The share of invocations whose traces are sent, from 0.0 to 1.0. Default 1.0. Where a trusted proxy sends a
    /// `traceparent`, that says whether.
    #[serde(default = "sample")]
    #[schemars(range(min = 0.0, max = 1.0), extend("x-restart" = true))]
    pub sample: f64,
}

fn service_name() -> String {
    "lambdio".to_owned()
}

fn sample() -> f64 {
    1.0
}

/// Looks at the section; that there is none is right, too.
pub(super) fn review(section: Option<&Otlp>, review: &mut Review<'_>) {
    if cfg!(not(feature = "otlp")) && review.is_written(&["otlp"]) {
        review.reject(
            &["otlp"],
            "this program is built without the feature \"otlp\" of lambdio, which sends traces; build it with \
             --features otlp, or leave the section out",
        );
    }
    let Some(otlp) = section else { return };
    if let Err(reason) = check_endpoint(&otlp.endpoint) {
        review.reject(&["otlp", "endpoint"], reason);
    }
    for (name, value) in &otlp.headers {
        if HeaderName::try_from(name).is_err() {
            review.reject(&["otlp", "headers", name], "is no name of a header");
        }
        if HeaderValue::try_from(value.expose()).is_err() {
            let message = "is no value of a header: it must be one line of visible characters (it is not shown)";
            review.reject(&["otlp", "headers", name], message);
        }
    }
    if otlp.service_name.trim().is_empty() {
        review.reject(&["otlp", "service_name"], "must not be empty");
    }
}

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let uri: Uri =
        endpoint.parse().map_err(|_| "must be the address of a collector, as in \"http://127.0.0.1:4318\"")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("must begin with http:// or https://, as in \"http://127.0.0.1:4318\"");
    }
    let host_and_port = uri.authority().map_or("", |authority| authority.as_str());
    if host_and_port.contains('@') {
        return Err("must not contain a user: what the collector asks for belongs into otlp.headers");
    }
    if uri.query().is_some() {
        return Err("must not have a query: leave out what begins with ?, and put keys into otlp.headers");
    }
    Ok(())
}
