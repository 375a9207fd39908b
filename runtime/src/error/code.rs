//! The runtime's own error codes.

use std::fmt;

/// What the runtime itself can answer. Authors add their own codes with `#[derive(HandlerError)]`.
///
/// The code is part of the contract with clients: it never changes its meaning. The message is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// No handler serves this event in this namespace.
    UnknownEvent,
    /// No route serves this path (HTTP only).
    NotFound,
    /// A route serves this path, but not with this method (HTTP only).
    MethodNotAllowed,
    /// The payload does not fit the handler's type.
    InvalidPayload,
    /// The payload is larger than the handler accepts.
    PayloadTooLarge,
    /// The request's body, or the rest of it, did not come in time (HTTP only).
    BodyTimeout,
    /// The request's `content-type` is none that the route takes (HTTP only).
    UnsupportedMediaType,
    /// Nobody is logged in, or the token is not valid.
    Unauthenticated,
    /// Somebody is logged in, but may not do this.
    Forbidden,
    /// Too many events or requests in too short a time.
    RateLimited,
    /// The runtime has no room for this event.
    Overloaded,
    /// The deadline passed. What the handler did until then is not undone: the outcome is unknown.
    Timeout,
    /// The operator switched the handler or route off.
    Disabled,
    /// The server is about to stop and takes no new work.
    ShuttingDown,
    /// A part the handler needs, such as the database, is away.
    Unavailable,
    /// A panic or anything unexpected. The log has the cause under the same id.
    Internal,
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: &'static [Code] = &[
        Code::UnknownEvent,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::InvalidPayload,
        Code::PayloadTooLarge,
        Code::BodyTimeout,
        Code::UnsupportedMediaType,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::RateLimited,
        Code::Overloaded,
        Code::Timeout,
        Code::Disabled,
        Code::ShuttingDown,
        Code::Unavailable,
        Code::Internal,
    ];

    /// The code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::UnknownEvent => "unknown_event",
            Code::NotFound => "not_found",
            Code::MethodNotAllowed => "method_not_allowed",
            Code::InvalidPayload => "invalid_payload",
            Code::PayloadTooLarge => "payload_too_large",
            Code::BodyTimeout => "body_timeout",
            Code::UnsupportedMediaType => "unsupported_media_type",
            Code::Unauthenticated => "unauthenticated",
            Code::Forbidden => "forbidden",
            Code::RateLimited => "rate_limited",
            Code::Overloaded => "overloaded",
            Code::Timeout => "timeout",
            Code::Disabled => "disabled",
            Code::ShuttingDown => "shutting_down",
            Code::Unavailable => "unavailable",
            Code::Internal => "internal",
        }
    }

    /// The HTTP status that goes with the code (RFC 9110, RFC 6585).
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Code::UnknownEvent | Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::InvalidPayload => 400,
            Code::PayloadTooLarge => 413,
            Code::BodyTimeout => 408,
            Code::UnsupportedMediaType => 415,
            Code::Unauthenticated => 401,
            Code::Forbidden => 403,
            Code::RateLimited => 429,
            Code::Timeout => 504,
            Code::Overloaded | Code::Disabled | Code::ShuttingDown | Code::Unavailable => 503,
            Code::Internal => 500,
        }
    }

    /// What a client is told where nothing better is known.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Code::UnknownEvent => "no handler serves this event",
            Code::NotFound => "nothing is served here",
            Code::MethodNotAllowed => "this path does not take this method",
            Code::InvalidPayload => "the payload does not fit",
            Code::PayloadTooLarge => "the payload is too large",
            Code::BodyTimeout => "the body did not come in time",
            Code::UnsupportedMediaType => "this type of body is not taken",
            Code::Unauthenticated => "log in first",
            Code::Forbidden => "this is not allowed",
            Code::RateLimited => "too often, try again later",
            Code::Overloaded => "the server has no room for this, try again later",
            Code::Timeout => "the deadline passed; whether this took effect is unknown",
            Code::Disabled => "this is switched off",
            Code::ShuttingDown => "the server is about to stop",
            Code::Unavailable => "a part of the service is away, try again later",
            Code::Internal => "something went wrong; the id finds it in the server's log",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::HashSet;

    #[test]
    fn every_code_has_its_own_name_and_an_error_status() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| (400..600).contains(&code.status())));
    }
}
