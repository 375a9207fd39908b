//! Limits of how often something may happen. Nothing is limited unless it is set.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rate;

/// How often events may come. Further ones are answered `rate_limited`, with `retry_after_ms`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventRates {
    /// From one socket. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_socket: Option<Rate>,
    /// From all sockets of one user. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_user: Option<Rate>,
    /// From one address; an IPv6 network of 64 bits counts as one. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_address: Option<Rate>,
}

/// How often clients may connect to a namespace, or ask a route. What is too much is refused with `rate_limited`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientRates {
    /// One user. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_user: Option<Rate>,
    /// From one address; an IPv6 network of 64 bits counts as one. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_address: Option<Rate>,
}

impl From<ClientRates> for EventRates {
    fn from(rates: ClientRates) -> Self {
        Self { per_socket: None, per_user: rates.per_user, per_address: rates.per_address }
    }
}

impl EventRates {
    /// What is set here wins over `base`, one by one.
    #[must_use]
    pub fn or(self, base: Self) -> Self {
        Self {
            per_socket: self.per_socket.or(base.per_socket),
            per_user: self.per_user.or(base.per_user),
            per_address: self.per_address.or(base.per_address),
        }
    }
}
