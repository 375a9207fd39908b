//! How an error looks on the wire.

use super::Error;
use crate::dispatch::InvocationId;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// `{"error": {"code", "message", "details"?, "retry_after_ms"?, "id"}}`
pub(crate) struct ErrorBody<'a> {
    pub error: &'a Error,
    pub id: InvocationId,
}

impl Serialize for ErrorBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("ErrorBody", 1)?;
        body.serialize_field("error", &Object(self))?;
        body.end()
    }
}

/// What a client without an ack gets as the event `exception`: `{event, error}`.
pub(crate) struct Exception<'a> {
    pub event: &'a str,
    pub body: ErrorBody<'a>,
}

impl Serialize for Exception<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut exception = serializer.serialize_struct("Exception", 2)?;
        exception.serialize_field("event", self.event)?;
        exception.serialize_field("error", &Object(&self.body))?;
        exception.end()
    }
}

struct Object<'a>(&'a ErrorBody<'a>);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (parts, id) = (&self.0.error.0, &self.0.id);
        let fields = 3 + usize::from(parts.details.is_some()) + usize::from(parts.retry_after.is_some());
        let mut object = serializer.serialize_struct("Error", fields)?;
        object.serialize_field("code", &parts.code)?;
        object.serialize_field("message", &parts.message)?;
        if let Some(details) = &parts.details {
            object.serialize_field("details", details)?;
        }
        if let Some(after) = parts.retry_after {
            let milliseconds = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            object.serialize_field("retry_after_ms", &milliseconds)?;
        }
        object.serialize_field("id", &id)?;
        object.end()
    }
}
