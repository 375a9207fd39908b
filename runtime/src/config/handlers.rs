//! `[handlers."/namespace".event]`: settings of single handlers.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::{self, HumanDuration};
use super::review::Review;
use super::{ByteSize, EventRates, LogLevel, Required, roles};

/// Settings by namespace, then by event; `*` is the catch-all, a name that no handler can have. Whether such handlers exist is
/// the registry's question.
pub type Handlers = BTreeMap<String, BTreeMap<String, HandlerSettings>>;

/// One handler. What is set here wins over its attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HandlerSettings {
    /// Whether the handler runs. Default true. Events for a handler that is off are answered
    /// `disabled`.
    pub enabled: bool,
    /// The deadline of one invocation, counted from acceptance. Default: the attribute's, else
    /// events.timeout.
    #[serde(with = "duration::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<HumanDuration>")]
    pub timeout: Option<Duration>,
    /// Whether later events of a socket need not wait for this one. Default: the attribute's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrent: Option<bool>,
    /// How many invocations of this handler may run at the same time. Default: the attribute's, else
    /// no limit of its own. Further ones wait in their queues, while their deadlines go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_in_flight: Option<usize>,
    /// The largest payload, attachments included. Default: the attribute's, else
    /// `events.max_payload_size`. A larger one is answered `payload_too_large`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_payload_size: Option<ByteSize>,
    /// `"required"`: the user must be logged in, where the namespace also lets guests in; who is not is answered
    /// `unauthenticated`. Default: as the attribute, the roles and the arguments say; what they ask for stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Required>,
    /// Roles, of which the user needs one, beside one of the namespace's. Default: the attribute's, else none is needed. Who
    /// has none of them is answered `forbidden`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// How often this event may come. Default: `events.rate_limit`.
    pub rate_limit: EventRates,
    /// What is told of this handler's invocations, and of what its author logs within them, whatever
    /// `log.level` says of it. Default: as `log.level` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_level: Option<LogLevel>,
}

impl Default for HandlerSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            timeout: None,
            concurrent: None,
            max_in_flight: None,
            max_payload_size: None,
            auth: None,
            roles: None,
            rate_limit: EventRates::default(),
            log_level: None,
        }
    }
}

pub(super) fn review(handlers: &Handlers, review: &mut Review<'_>) {
    for (namespace, events) in handlers {
        if !namespace.starts_with('/') {
            review.reject(&["handlers", namespace], format!("a namespace begins with /; write \"/{namespace}\""));
        }
        for (event, settings) in events {
            if let Some(timeout) = settings.timeout {
                review.positive(&["handlers", namespace, event, "timeout"], timeout);
            }
            if let Some(size) = settings.max_payload_size {
                review.not_empty(&["handlers", namespace, event, "max_payload_size"], size);
            }
            roles::review(&["handlers", namespace, event, "roles"], settings.roles.as_deref(), review);
        }
    }
}
