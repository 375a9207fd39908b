//! The type that a request says its body has.
//!
//! A form of another site, or a script that asks nobody first, can send three types or none (Fetch, "CORS-safelisted
//! request-header"), with the user's cookies. A route that changes something therefore wants another one: a browser then asks
//! us beforehand, and refuses for pages that may not.

use crate::{
    error::{Code, Error},
    registry::{Method, RouteEntry},
};
use http::{HeaderMap, header::CONTENT_TYPE};

/// What forms can send.
const OF_FORMS: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// Which types a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaTypes {
    /// JSON, also where the body is empty.
    Json,
    /// Any but those that forms can send.
    Any,
}

impl MediaTypes {
    /// What this route takes; `None` is anything, as it changes nothing.
    pub(super) fn of(route: &RouteEntry) -> Option<Self> {
        match (route.method, route.raw_body) {
            (Method::Get, _) => None,
            (_, false) => Some(Self::Json),
            (_, true) => Some(Self::Any),
        }
    }

    /// Refuses other types.
    ///
    /// # Errors
    /// `unsupported_media_type`, with what would be right.
    pub fn check(self, headers: &HeaderMap) -> Result<(), Error> {
        let fits = essence(headers).is_some_and(|essence| match self {
            Self::Json => essence.eq_ignore_ascii_case("application/json"),
            Self::Any => !OF_FORMS.iter().any(|form| essence.eq_ignore_ascii_case(form)),
        });
        if fits {
            return Ok(());
        }
        let problem = match self {
            Self::Json => "this needs the header content-type: application/json, once, also where the body is empty",
            Self::Any => {
                "this needs the header content-type, once, with a type that no form can send, such as \
                 application/octet-stream"
            }
        };
        Err(Error::new(Code::UnsupportedMediaType).with_message(problem))
    }
}

/// Type and subtype, without parameters (RFC 9110, section 8.3.1). `None` where there is no such header, several, or one
/// that cannot be read: browsers make of it what they like.
fn essence(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let essence = value.to_str().ok()?.split(';').next()?.trim();
    let (kind, subtype) = essence.split_once('/')?;
    (is_token(kind) && is_token(subtype)).then_some(essence)
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn takes(types: MediaTypes, values: &[&str]) -> bool {
        let values = values.iter().map(|value| (CONTENT_TYPE, HeaderValue::from_str(value).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(name, value);
        }
        types.check(&headers).is_ok()
    }

    #[test]
    fn json_is_json_however_it_is_written() {
        for value in ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;x"]
        {
            assert!(takes(MediaTypes::Json, &[value]), "{value}");
            assert!(takes(MediaTypes::Any, &[value]), "{value}");
        }
        for value in ["application/jsonx", "application/octet-stream", "application/problem+json", "json"] {
            assert!(!takes(MediaTypes::Json, &[value]), "{value}");
        }
    }

    #[test]
    fn what_a_form_can_send_is_never_taken() {
        for value in [
            "text/plain",
            "Text/Plain",
            "text/plain; application/json",
            "text/plain;charset=utf-8",
            "\ttext/plain ;x=application/json",
            "multipart/form-data; boundary=application/json",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!takes(MediaTypes::Json, &[value]), "{value}");
            assert!(!takes(MediaTypes::Any, &[value]), "{value}");
        }
    }

    #[test]
    fn none_several_and_nonsense_are_not_taken() {
        for values in [
            &[][..],
            &[""],
            &["application/json", "text/plain"],
            &["application/json", "application/json"],
            &["image"],
            &["/png"],
            &["image/"],
            &["text/plain, image/png"],
        ] {
            assert!(!takes(MediaTypes::Json, values), "{values:?}");
            assert!(!takes(MediaTypes::Any, values), "{values:?}");
        }
        assert!(takes(MediaTypes::Any, &["image/png"]));
    }
}
