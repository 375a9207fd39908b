//! `[namespaces."/name"]`: who may connect to a namespace.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::Review;
use super::roles;

/// Settings by namespace; every name begins with "/".
pub type Namespaces = BTreeMap<String, Namespace>;

/// One namespace. What is set here wins over `#[connect]`, key by key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Namespace {
    /// Whether a client must be logged in to connect: "none", "optional" or "required". Default: what `#[connect]` says, else
    /// "none".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Access>,
    /// Roles, of which a user needs one to connect; others are refused with `forbidden`. Default: those of `#[connect]`, else
    /// none is needed. Only with auth = "required".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}

/// Whether a client must be logged in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Credentials are not looked at.
    #[default]
    None,
    /// Credentials are checked where they are given.
    Optional,
    /// Only logged-in users may connect.
    Required,
}

pub(super) fn review(namespaces: &Namespaces, review: &mut Review<'_>) {
    for name in namespaces.keys().filter(|name| !name.starts_with('/')) {
        review.reject(&["namespaces", name], format!("a namespace begins with /; write \"/{name}\""));
    }
    for (name, namespace) in namespaces {
        let (auth, listed) = (["namespaces", name, "auth"], ["namespaces", name, "roles"]);
        roles::review(&listed, namespace.roles.as_deref(), review);
        // what is not said here, `#[connect]` may say: the registry looks at both
        if namespace.roles.as_ref().is_some_and(|roles| !roles.is_empty())
            && namespace.auth.is_some_and(|auth| auth != Access::Required)
        {
            review.contradict(&[&listed, &auth], roles_need_a_login(name));
        }
    }
}

/// Why roles alone are not enough, and what would be right.
pub(crate) fn roles_need_a_login(namespace: &str) -> String {
    format!("only who is logged in has roles; set namespaces.{namespace:?}.auth = \"required\"")
}
