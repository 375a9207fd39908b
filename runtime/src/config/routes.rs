//! `[routes."POST /path"]`: settings of single HTTP routes.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::{self, HumanDuration};
use super::review::Review;
use super::{ByteSize, ClientRates, LogLevel, Required, roles};

/// Settings by route: its method, one space, and its path as the attribute writes it. Whether there are such routes is the
/// registry's question.
pub type Routes = BTreeMap<String, RouteSettings>;

/// One route. What is set here wins over its attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteSettings {
    /// Whether the route is served. Default true. Requests for a route that is off are answered `disabled`.
    pub enabled: bool,
    /// The deadline of one request, counted from acceptance. Default: the attribute's, else `events.timeout`.
    #[serde(with = "duration::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<HumanDuration>")]
    pub timeout: Option<Duration>,
    /// How many requests may be served at the same time. Default: the attribute's, else no limit. Further ones wait, while
    /// their deadlines go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_in_flight: Option<usize>,
    /// The largest body. Default: the attribute's, else `socketio.max_message_size`. A larger one is
    /// answered `payload_too_large`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_payload_size: Option<ByteSize>,
    /// `"required"`: who asks must be logged in; who is not is answered `unauthenticated`. Default: as the attribute, the roles
    /// and the arguments say; what they ask for stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Required>,
    /// Roles, of which the user needs one. Default: the attribute's, else none is needed. Who is not logged in is answered
    /// `unauthenticated`, who has none of them `forbidden`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// How often requests may come. What is too much is answered `rate_limited`.
    pub rate_limit: ClientRates,
    /// What is told of this route's requests, and of what its author logs within them, whatever
    /// `log.level` says of it. Default: as `log.level` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_level: Option<LogLevel>,
}

impl Default for RouteSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            timeout: None,
            max_in_flight: None,
            max_payload_size: None,
            auth: None,
            roles: None,
            rate_limit: ClientRates::default(),
            log_level: None,
        }
    }
}

pub(super) fn review(routes: &Routes, review: &mut Review<'_>) {
    for (route, settings) in routes {
        if let Some(timeout) = settings.timeout {
            review.positive(&["routes", route, "timeout"], timeout);
        }
        if let Some(size) = settings.max_payload_size {
            review.not_empty(&["routes", route, "max_payload_size"], size);
        }
        roles::review(&["routes", route, "roles"], settings.roles.as_deref(), review);
    }
}
