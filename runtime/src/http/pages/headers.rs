//! What browsers are told with every page.

use crate::config;
use axum::response::Response;
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY},
};

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// The headers that go with pages, whatever their status.
pub(super) struct PageHeaders {
    always: [(HeaderName, HeaderValue); 5],
    /// How long assets may be kept.
    assets: HeaderValue,
}

impl PageHeaders {
    pub fn new(settings: &config::Pages) -> Self {
        // the configuration was checked; should that ever fail, nothing at all is allowed
        let policy = HeaderValue::from_str(&settings.content_security_policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        let always = [
            (CONTENT_SECURITY_POLICY, policy),
            // other sites do not hear which page somebody comes from
            (REFERRER_POLICY, SAME_ORIGIN),
            // windows of other sites have no hold on ours
            (OPENER_POLICY, SAME_ORIGIN),
            // pages of other sites do not embed files of ours; those that CORS allows still fetch them
            (RESOURCE_POLICY, SAME_ORIGIN),
            (VARY, HeaderValue::from_static("accept-encoding")),
        ];
        let seconds = settings.assets_max_age.as_secs();
        let assets = match HeaderValue::from_str(&format!("public, max-age={seconds}, immutable")) {
            Ok(keep) if seconds > 0 => keep,
            _ => ASK_EACH_TIME,
        };
        Self { always, assets }
    }

    /// Adds them, and how long the answer may be kept.
    pub fn mark(&self, response: &mut Response, is_asset: bool) {
        let lasts =
            matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED);
        let keep = if is_asset && lasts { &self.assets } else { &ASK_EACH_TIME };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, keep.clone());
        for (name, value) in &self.always {
            headers.insert(name, value.clone());
        }
    }
}
