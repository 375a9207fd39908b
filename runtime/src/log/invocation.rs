//! Of whom and what a line is told.

use super::{Ids, RequestId, Site};
use crate::{
    auth::User,
    dispatch::InvocationId,
    registry::{ANY, EventEntry},
    socket::{Connection, SocketId},
    traces::{Trace, TraceContext},
};
use std::sync::{Arc, OnceLock};

/// The most that is told of a name that the client made up, in characters.
const NAME: usize = 256;

/// An invocation as the log sees it: its name, what it serves, and who asked for it.
#[derive(Clone)]
pub(crate) struct Invocation {
    pub id: InvocationId,
    place: Place,
    by: By,
    trace: Option<Trace>,
}

/// What it serves.
#[derive(Clone)]
enum Place {
    Handler(&'static Site),
    /// What a catch-all serves, and what nobody does.
    Event {
        site: Option<&'static Site>,
        namespace: &'static str,
        event: Arc<str>,
    },
    /// The way into a namespace that there is not.
    UnknownNamespace(Arc<str>),
    Request {
        method: Arc<str>,
        path: Arc<str>,
    },
}

/// Who asked for it.
#[derive(Clone)]
enum By {
    Socket(Arc<Connection>),
    Visitor(Arc<Visitor>),
}

/// Somebody of whom it is found out little by little who they are.
pub(crate) struct Visitor {
    request: Option<RequestId>,
    /// What sent the request.
    parent: Option<TraceContext>,
    user: OnceLock<User>,
    socket: OnceLock<SocketId>,
}

impl Visitor {
    /// Who sent a request, as part of a trace where they say so.
    pub fn new(request: Option<RequestId>, parent: Option<TraceContext>) -> Arc<Self> {
        Arc::new(Self { request, parent, user: OnceLock::new(), socket: OnceLock::new() })
    }
}

impl Invocation {
    /// Of an event of a socket, with the name that its client gave it.
    pub fn of_event(id: InvocationId, connection: &Arc<Connection>, handler: Option<&EventEntry>, event: &str) -> Self {
        let site = handler.map(|handler| handler.site);
        let place = match site {
            Some(site) if site.event() != Some(ANY) => Place::Handler(site),
            site => Place::Event { site, namespace: connection.namespace.path(), event: shortened(event) },
        };
        Self { id, place, by: By::Socket(connection.clone()), trace: Trace::beside(connection.entry, id) }
    }

    /// Of the connect handler, as part of what let the socket in.
    pub fn of_connect(id: InvocationId, connection: &Arc<Connection>, site: &'static Site) -> Self {
        let trace = Trace::below(connection.entry, id);
        Self { id, place: Place::Handler(site), by: By::Socket(connection.clone()), trace }
    }

    /// Of the disconnect handler.
    pub fn of_disconnect(id: InvocationId, connection: &Arc<Connection>, site: &'static Site) -> Self {
        let trace = Trace::beside(connection.entry, id);
        Self { id, place: Place::Handler(site), by: By::Socket(connection.clone()), trace }
    }

    /// Of a handler that somebody asks for of whom little is known yet: a route, or the way into a namespace.
    pub fn of_visitor(id: InvocationId, site: &'static Site, visitor: Arc<Visitor>) -> Self {
        let trace = Trace::below(visitor.parent, id);
        Self { id, place: Place::Handler(site), by: By::Visitor(visitor), trace }
    }

    /// Of a CONNECT to a namespace that there is not. The query is not told.
    pub fn of_unknown_namespace(id: InvocationId, path: &str, visitor: Arc<Visitor>) -> Self {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let trace = Trace::below(visitor.parent, id);
        Self { id, place: Place::UnknownNamespace(shortened(path)), by: By::Visitor(visitor), trace }
    }

    /// Of a request that no route serves. The query is not told.
    pub fn of_request(ids: Ids, method: &str, path: &str) -> Self {
        let Ids { invocation: id, request, parent } = ids;
        let place = Place::Request { method: shortened(method), path: shortened(path) };
        Self { id, place, by: By::Visitor(Visitor::new(Some(request), parent)), trace: Trace::below(parent, id) }
    }

    /// It is found out who asks.
    pub fn found_user(&self, user: &User) {
        if let By::Visitor(visitor) = &self.by {
            let _ = visitor.user.set(user.clone());
        }
    }

    /// The visitor has a socket now.
    pub fn found_socket(&self, socket: &SocketId) {
        if let By::Visitor(visitor) = &self.by {
            let _ = visitor.socket.set(socket.clone());
        }
    }

    /// What it is in its trace, where there are traces.
    pub fn trace(&self) -> Option<Trace> {
        self.trace
    }

    /// Whether a request, or the way into a namespace, is what it is of.
    #[cfg(feature = "otlp")]
    pub fn is_of_visitor(&self) -> bool {
        matches!(self.by, By::Visitor(_))
    }

    /// Whether the client made up the namespace.
    #[cfg(feature = "otlp")]
    pub fn is_of_unknown_namespace(&self) -> bool {
        matches!(self.place, Place::UnknownNamespace(_))
    }

    /// The handler.
    pub fn site(&self) -> Option<&'static Site> {
        match &self.place {
            Place::Handler(site) => Some(site),
            Place::Event { site, .. } => *site,
            Place::UnknownNamespace(_) | Place::Request { .. } => None,
        }
    }

    pub fn namespace(&self) -> Option<&str> {
        match &self.place {
            Place::Handler(site) => site.namespace(),
            Place::Event { namespace, .. } => Some(namespace),
            Place::UnknownNamespace(path) => Some(path),
            Place::Request { .. } => None,
        }
    }

    pub fn event(&self) -> Option<&str> {
        match &self.place {
            Place::Handler(site) => site.event(),
            Place::Event { event, .. } => Some(event),
            Place::UnknownNamespace(_) => Some("connect"),
            Place::Request { .. } => None,
        }
    }

    pub fn method(&self) -> Option<&str> {
        match &self.place {
            Place::Handler(site) => site.method(),
            Place::Event { .. } | Place::UnknownNamespace(_) => None,
            Place::Request { method, .. } => Some(method),
        }
    }

    /// As the attribute says it, such as `/documents/{id}`.
    pub fn route(&self) -> Option<&str> {
        match &self.place {
            Place::Handler(site) => site.route(),
            Place::Event { .. } | Place::UnknownNamespace(_) | Place::Request { .. } => None,
        }
    }

    /// Of a request that no route serves.
    pub fn path(&self) -> Option<&str> {
        match &self.place {
            Place::Request { path, .. } => Some(path),
            Place::Handler(_) | Place::Event { .. } | Place::UnknownNamespace(_) => None,
        }
    }

    /// Who is logged in, by the name that stays.
    pub fn user(&self) -> Option<&str> {
        let user = match &self.by {
            By::Socket(connection) => connection.user.as_ref(),
            By::Visitor(visitor) => visitor.user.get(),
        };
        user.map(User::id)
    }

    /// The public name of the socket.
    pub fn socket(&self) -> Option<&str> {
        let socket = match &self.by {
            By::Socket(connection) => Some(&connection.id),
            By::Visitor(visitor) => visitor.socket.get(),
        };
        socket.map(SocketId::as_str)
    }

    /// The request; of a socket, the one that opened its connection.
    pub fn request(&self) -> Option<&RequestId> {
        match &self.by {
            By::Socket(connection) => connection.request.as_ref(),
            By::Visitor(visitor) => visitor.request.as_ref(),
        }
    }
}

/// What is repeated of a name that is the client's own.
fn shortened(name: &str) -> Arc<str> {
    name.char_indices().nth(NAME).and_then(|(end, _)| name.get(..end)).unwrap_or(name).into()
}
