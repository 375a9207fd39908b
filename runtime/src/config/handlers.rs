//! `[handlers."/namespace".event]`: settings of single handlers.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duration::{self, HumanDuration};
use super::review::Review;

/// Settings by namespace, then by event; `*` is the catch-all, a name that no handler can have. Whether such handlers exist is the registry's question.
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
}

impl Default for HandlerSettings {
    fn default() -> Self {
        Self { enabled: true, timeout: None }
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
        }
    }
}
