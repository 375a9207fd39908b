//! `auth = "required"` of a single handler or route.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The word `"required"`: who calls must be logged in. There is no other word: where a login is optional, the arguments of the
/// function say so, with `Option<User>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required;

impl Required {
    const WORD: &'static str = "required";
}

impl Serialize for Required {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Self::WORD)
    }
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == Self::WORD {
            return Ok(Self);
        }
        Err(D::Error::custom(format!(
            "only \"required\" can be said here, found {text:?}; leave it out where no login is needed"
        )))
    }
}

impl JsonSchema for Required {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Required".into()
    }

    /// Any string, so that a wrong one is told with the reason.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": [Self::WORD] })
    }
}
