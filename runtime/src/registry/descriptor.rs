//! What an attribute leaves behind.

use super::{Needs, SchemaOf};
use crate::{
    config::Access,
    context::{ConnectContext, Context, DisconnectContext, EventContext, HttpContext, MiddlewareContext},
    error::Error,
};
use futures_util::future::BoxFuture;
use std::{fmt, time::Duration};

/// The event of a catch-all. Handlers cannot have this name: in `[handlers."/chat"."*"]` it means the catch-all alone.
pub const ANY: &str = "*";

/// How an annotated function is called: extract, call, reply.
pub type Call<C> = for<'a> fn(&'a mut C) -> BoxFuture<'a, Result<<C as Context>::Output, Error>>;

/// What an attribute leaves behind for the registry to find.
pub struct Descriptor {
    /// What the function or type is for.
    pub role: Role,
    /// Where it stands.
    pub location: Location,
    /// Says what its arguments and its reply need.
    pub declare: fn(&mut Needs),
}

inventory::collect!(Descriptor);

/// What an annotated function or type is for.
pub enum Role {
    /// `#[handler]`
    Event {
        /// Such as `/documents`.
        namespace: &'static str,
        /// The event's name; [`ANY`] is every event that has no handler of its own.
        event: &'static str,
        /// On which terms it runs.
        options: Options,
        /// Whether later events of a socket need not wait for this one.
        concurrent: bool,
        /// The name of its guard, if it has one.
        guard: Option<&'static str>,
        /// Whether it runs where it may block.
        blocking: bool,
        /// The function.
        call: Call<EventContext>,
    },
    /// `#[connect]`
    Connect {
        /// Such as `/documents`.
        namespace: &'static str,
        /// Whether clients of the namespace must be logged in; `None` where nothing is said. TOML wins over it.
        auth: Option<Access>,
        /// The roles of which a client needs one; without any, none is needed. TOML wins over it.
        roles: &'static [&'static str],
        /// The function.
        call: Call<ConnectContext>,
    },
    /// `#[disconnect]`
    Disconnect {
        /// Such as `/documents`.
        namespace: &'static str,
        /// The function.
        call: Call<DisconnectContext>,
    },
    /// `#[middleware(connect)]`
    ConnectMiddleware {
        /// `None` is every namespace.
        namespace: Option<&'static str>,
        /// Lower runs first.
        order: i32,
        /// The function.
        call: Call<ConnectContext>,
    },
    /// `#[middleware(event)]`
    EventMiddleware {
        /// `None` is every namespace.
        namespace: Option<&'static str>,
        /// Lower is further outside.
        order: i32,
        /// The function.
        call: Call<MiddlewareContext>,
    },
    /// `#[route]`
    Route {
        /// GET, POST, …
        method: Method,
        /// Such as `/documents/{id}`.
        path: &'static str,
        /// On which terms it runs.
        options: Options,
        /// The name of its guard, if it has one.
        guard: Option<&'static str>,
        /// The function.
        call: Call<HttpContext>,
    },
    /// `#[event]`: an event that the server sends.
    Emitted {
        /// Such as `/documents`.
        namespace: &'static str,
        /// The event's name.
        event: &'static str,
        /// Schema of what is sent.
        payload: SchemaOf,
        /// Schema of the acknowledgement.
        ack: SchemaOf,
    },
}

/// On which terms `#[handler]` and `#[route]` want their function to run. TOML wins over it, but takes no login away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The deadline, counted from acceptance.
    pub timeout: Option<Duration>,
    /// How many invocations may run at the same time.
    pub max_in_flight: Option<usize>,
    /// The largest payload in bytes: of an event with its attachments, or of a body.
    pub max_payload_size: Option<usize>,
    /// Whether the user must be logged in, whatever the arguments say.
    pub login: bool,
    /// The roles of which the user needs one; without any, none is needed.
    pub roles: &'static [&'static str],
}

impl Options {
    /// Nothing is said.
    pub const NONE: Self =
        Self { timeout: None, max_in_flight: None, max_payload_size: None, login: false, roles: &[] };
}

/// A method of HTTP (RFC 9110, RFC 5789).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// GET, and HEAD with it.
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Method {
    /// As it stands in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// Where an annotated function or type stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The source file, as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The module.
    pub module: &'static str,
    /// The function's or type's name.
    pub name: &'static str,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({})", self.file, self.line, self.name)
    }
}
