//! What a request wants of Socket.IO.

use http::Uri;
use socketioxide::socket::Sid;

/// What a request wants of Socket.IO. It is read exactly as Socket.IO reads it: who could say one thing to us and another to
/// it would get around what is refused and counted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Nothing: it is for a route.
    Route,
    /// Begins a session that polls.
    OpenPolling,
    /// Begins a session over a websocket, which the connection becomes.
    OpenWebsocket,
    /// Belongs to a session, or claims to; `None` is no id at all.
    Session(Option<Sid>),
}

impl Purpose {
    /// The purpose of a request to `uri`, where Socket.IO is served at `path`.
    pub fn of(uri: &Uri, path: &str) -> Self {
        if uri.path().strip_prefix(path).is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')) {
            return Self::Route;
        }
        let value = |name: &str| uri.query()?.split('&').find_map(|pair| pair.strip_prefix(name));
        let transport = value("transport=").and_then(|value| value.split('=').next());
        match (value("sid="), transport) {
            (Some(sid), _) => Self::Session(sid.parse().ok()),
            (None, Some("websocket")) => Self::OpenWebsocket,
            // without a transport Socket.IO refuses it
            (None, _) => Self::OpenPolling,
        }
    }

    /// Whether it begins a session.
    pub fn opens(self) -> bool {
        matches!(self, Self::OpenPolling | Self::OpenWebsocket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_tell_the_purpose() {
        for (uri, purpose) in [
            ("/documents?transport=polling&sid=1", Purpose::Route),
            ("/socket.iox/?EIO=4&transport=polling", Purpose::Route),
            ("//socket.io/?EIO=4&transport=polling", Purpose::Route),
            ("/Socket.io/?EIO=4&transport=polling", Purpose::Route),
            ("/socket%2Eio/?EIO=4&transport=polling", Purpose::Route),
            ("/x/../socket.io/?EIO=4&transport=polling", Purpose::Route),
            ("/socket.io?EIO=4&transport=polling", Purpose::OpenPolling),
            ("/socket.io/x/y?EIO=4&transport=polling", Purpose::OpenPolling),
            ("http://example.org/socket.io/?EIO=4&transport=polling", Purpose::OpenPolling),
            ("/socket.io/?EIO=4&transport=websocket=x", Purpose::OpenWebsocket),
            ("/socket.io/?EIO=4&transport=polling", Purpose::OpenPolling),
            ("/socket.io/?EIO=4&transport=websocket", Purpose::OpenWebsocket),
            ("/socket.io/?EIO=4&transport=websocket&sid=AAAA", Purpose::Session(None)),
            ("/socket.io/", Purpose::OpenPolling),
        ] {
            assert_eq!(Purpose::of(&uri.parse().unwrap(), "/socket.io"), purpose, "{uri}");
        }
    }

    #[test]
    fn a_query_that_only_looks_like_another_is_seen_through() {
        for query in ["transport=polling&xsid=1", "transport=polling&x=sid=1", "transport=polling&transport=websocket"]
        {
            let uri = format!("/socket.io/?EIO=4&{query}").parse().unwrap();
            assert_eq!(Purpose::of(&uri, "/socket.io"), Purpose::OpenPolling, "{query}");
        }
    }
}
