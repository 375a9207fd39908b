//! What a file of handlers needs: `use lambdio::prelude::*;`

pub use crate::{
    Args, Binary, Code, Collection, Data, Database, DisconnectReason, Emitter, Extract, HandlerError, Handlers,
    Handshake, HandshakeAuth, HandshakeQuery, Html, Id, Path, Presence, PresenceEntry, Provided, Recipients, Socket,
    SocketId, Stored, Timestamp, User, WithStatus, connect, disconnect, event, handler, middleware, payload,
    registry::Needs, route,
};
