//! What a file of handlers needs: `use lambdio::prelude::*;`

pub use crate::{
    Args, Attached, Binary, Code, Collection, Data, Database, DisconnectReason, Emitter, EventName, Extract,
    HandlerError, Handlers, Handshake, HandshakeAuth, HandshakeQuery, Html, Id, Next, Path, Presence, PresenceEntry,
    Provided, Recipients, Reply, Sessions, Socket, SocketId, Stored, Timestamp, User, Valid, WithStatus, connect,
    disconnect, event, guard, handler, middleware, payload, registry::Needs, route,
};
